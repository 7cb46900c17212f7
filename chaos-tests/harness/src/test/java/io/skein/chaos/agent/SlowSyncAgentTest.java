package io.skein.chaos.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.instruction.InvokeInstruction;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SlowSyncAgentTest {
  @Test
  void everySyncOfAFileChannelBeginsWithTheCallAndNothingElseDoes() throws Exception {
    byte[] channel;
    try (InputStream bytes =
        Objects.requireNonNull(
            Object.class.getResourceAsStream("/sun/nio/ch/FileChannelImpl.class"))) {
      channel = bytes.readAllBytes();
    }
    ClassFile files = ClassFile.of();

    ClassModel changed = files.parse(SlowSyncAgent.calling(channel));

    assertEquals(List.of(), files.verify(changed));
    List<String> calling =
        changed.methods().stream()
            .filter(method ->
                method.code().stream()
                    .flatMap(code -> code.elementStream())
                    .filter(InvokeInstruction.class::isInstance)
                    .map(InvokeInstruction.class::cast)
                    .anyMatch(call -> call.name().equalsString("pass")))
            .map(method -> method.methodName().stringValue())
            .toList();
    assertEquals(List.of("force"), calling);
  }
}
