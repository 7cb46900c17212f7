package io.skein.chaos.agent;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.ClassDefinition;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/// Lets every `force` of a file channel, which is the JVM's way to fsync and fdatasync, call
/// [SlowSync] first. To be loaded by `-javaagent`, with the folder of [SlowSync#in] as its
/// argument.
public final class SlowSyncAgent {
  private static final String CHANNEL = "sun.nio.ch.FileChannelImpl";

  private SlowSyncAgent() {}

  /// Called by the JVM before the program begins.
  ///
  /// @throws IOException if this JVM does not show its own class files
  public static void premain(String folder, Instrumentation jvm)
      throws IOException, ClassNotFoundException, UnmodifiableClassException {
    Module jdk = FileChannel.class.getModule();
    Module ours = SlowSync.class.getModule();
    jvm.redefineModule(jdk, Set.of(ours), Map.of(), Map.of(), Set.of(), Map.of());
    SlowSync.in(Path.of(folder));
    String file = '/' + CHANNEL.replace('.', '/') + ".class";
    try (InputStream bytes = Object.class.getResourceAsStream(file)) {
      if (bytes == null) {
        throw new IOException("no " + file + " in this JDK");
      }
      jvm.redefineClasses(
          new ClassDefinition(Class.forName(CHANNEL), calling(bytes.readAllBytes())));
    }
  }

  /// That class, with a call at the start of each method called `force`.
  static byte[] calling(byte[] channel) {
    ClassFile files = ClassFile.of();
    return files.transformClass(
        files.parse(channel),
        ClassTransform.transformingMethodBodies(
            method -> method.methodName().equalsString("force"), new CallFirst()));
  }

  private static final class CallFirst implements CodeTransform {
    @Override
    public void atStart(CodeBuilder code) {
      code.invokestatic(
          ClassDesc.of(SlowSync.class.getName()), "pass", MethodTypeDesc.of(ConstantDescs.CD_void));
    }

    @Override
    public void accept(CodeBuilder code, CodeElement element) {
      code.with(element);
    }
  }
}
