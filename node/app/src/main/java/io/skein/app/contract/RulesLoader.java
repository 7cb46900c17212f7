package io.skein.app.contract;

import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Loads the expression library when it is wanted for the first time. In a distribution it lies in
/// `lib/contracts`, off the class path: a node without contracts does not even open its files.
/// There the one package that uses it is defined by a loader of its own, next to the library;
/// elsewhere both are on the class path.
public final class RulesLoader {
  private static final String PACKAGE = "io.skein.app.contract.cel.";
  private static final String RULES = PACKAGE + "CelRules";

  private static Optional<Rules> loaded = Optional.empty();

  private RulesLoader() {}

  /// The process's own, which is loaded when it is first asked for. Any thread; blocks.
  ///
  /// @throws IllegalStateException if it is not there or does not work
  public static synchronized Rules shared() {
    Rules rules = loaded.orElseGet(RulesLoader::load);
    loaded = Optional.of(rules);
    return rules;
  }

  /// Loads it; takes up to a second of a processor.
  ///
  /// @throws IllegalStateException if it is not there or does not work
  public static Rules load() {
    String home = System.getProperty("skein.home", "");
    Path library = Path.of(home.isEmpty() ? "." : home, "lib", "contracts");
    try {
      ClassLoader mine = RulesLoader.class.getClassLoader();
      ClassLoader loader =
          !home.isEmpty() && Files.isDirectory(library) ? new Beside(jars(library), mine) : mine;
      return (Rules) Class.forName(RULES, true, loader).getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException | IOException | LinkageError e) {
      throw new IllegalStateException("the expression library cannot be loaded: " + e, e);
    }
  }

  private static URL[] jars(Path folder) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(folder, "*.jar")) {
      jars.forEach(found::add);
    }
    found.sort(null);
    URL[] urls = new URL[found.size()];
    for (int i = 0; i < urls.length; i++) {
      urls[i] = url(found.get(i));
    }
    return urls;
  }

  private static URL url(Path jar) throws MalformedURLException {
    return jar.toUri().toURL();
  }

  /// Defines the classes that use the library itself, from where its parent would have them.
  private static final class Beside extends URLClassLoader {
    Beside(URL[] library, ClassLoader parent) {
      super("skein-contracts", library, parent);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith(PACKAGE)) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> held = findLoadedClass(name);
        return held != null ? held : defined(name);
      }
    }

    private Class<?> defined(String name) throws ClassNotFoundException {
      try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
        if (in == null) {
          throw new ClassNotFoundException(name);
        }
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }
}
