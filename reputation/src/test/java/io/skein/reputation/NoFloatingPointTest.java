package io.skein.reputation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.reputation.score.Reputation;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.FieldModel;
import java.lang.classfile.Instruction;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Floating point may differ in order and compiler; scores must not. No class of this module holds,
/// passes, returns or computes with a float or a double.
class NoFloatingPointTest {
  private static final Pattern NAMES = Pattern.compile("L[^;]+;");
  private static final Pattern OPCODES =
      Pattern.compile(
          "([FD](ADD|SUB|MUL|DIV|REM|NEG|CMP.|CONST_.|LOAD.*|STORE.*|RETURN|ALOAD|ASTORE|2.))|[IL]2[FD]");

  @Test
  void noClassTouchesFloatingPoint() throws IOException, URISyntaxException {
    List<String> found = new ArrayList<>();
    List<Path> classes = classes();
    assertTrue(classes.size() > 15, "classes found: " + classes.size());
    for (Path file : classes) {
      found.addAll(floating(ClassFile.of().parse(file)));
    }
    assertEquals(List.of(), found);
  }

  @Test
  void theCheckSeesWhatItIsMeantToSee() throws IOException {
    try (var in = Double.class.getResourceAsStream("Double.class")) {
      assertFalse(floating(ClassFile.of().parse(in.readAllBytes())).isEmpty());
    }
    String own = "/" + Hidden.class.getName().replace('.', '/') + ".class";
    try (var in = Hidden.class.getResourceAsStream(own)) {
      assertEquals(1, floating(ClassFile.of().parse(in.readAllBytes())).size());
    }
  }

  /// Uses a double without showing it in a signature.
  static final class Hidden {
    private Hidden() {}

    static long third(long value) {
      return (long) (value / 3.0);
    }
  }

  private static List<String> floating(ClassModel model) {
    List<String> found = new ArrayList<>();
    String name = model.thisClass().asInternalName();
    for (FieldModel field : model.fields()) {
      if (isFloating(field.fieldType().stringValue())) {
        found.add(name + "." + field.fieldName().stringValue());
      }
    }
    for (MethodModel method : model.methods()) {
      String place = name + "." + method.methodName().stringValue();
      boolean signature = isFloating(method.methodType().stringValue());
      Optional<String> inside =
          method.code().stream()
              .flatMap(code -> code.elementStream())
              .filter(NoFloatingPointTest::isFloating)
              .map(Object::toString)
              .findFirst();
      if (signature || inside.isPresent()) {
        found.add(place + " " + inside.orElse("signature"));
      }
    }
    return found;
  }

  private static boolean isFloating(CodeElement element) {
    return switch (element) {
      case InvokeInstruction call -> isFloating(call.type().stringValue());
      case FieldInstruction field -> isFloating(field.type().stringValue());
      case Instruction instruction -> OPCODES.matcher(instruction.opcode().name()).matches();
      default -> false;
    };
  }

  private static boolean isFloating(String descriptor) {
    String plain = NAMES.matcher(descriptor).replaceAll("V");
    return plain.indexOf('F') >= 0 || plain.indexOf('D') >= 0;
  }

  private static List<Path> classes() throws IOException, URISyntaxException {
    Path root =
        Path.of(Reputation.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> file.toString().endsWith(".class"))
          .filter(file -> !file.endsWith("module-info.class"))
          .toList();
    }
  }
}
