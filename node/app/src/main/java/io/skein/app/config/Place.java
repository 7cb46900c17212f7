package io.skein.app.config;

/// Where a value was given.
public sealed interface Place {
  /// In a file.
  ///
  /// @param file the path as it was given
  /// @param line from 1
  /// @param column in characters, from 1
  /// @param length characters of the span on this line, at least 1
  /// @param text the whole line
  record InFile(String file, int line, int column, int length, String text) implements Place {
    @Override
    public String label() {
      return file + ":" + line + ":" + column;
    }

    @Override
    public String mention() {
      return "line " + line;
    }
  }

  /// In a whole file, at no line of it.
  ///
  /// @param file the path as it was given
  record WholeFile(String file) implements Place {
    @Override
    public String label() {
      return file;
    }

    @Override
    public String mention() {
      return file;
    }
  }

  /// In an environment variable.
  ///
  /// @param variable its name
  record InEnvironment(String variable) implements Place {
    @Override
    public String label() {
      return variable;
    }

    @Override
    public String mention() {
      return variable;
    }
  }

  /// On the command line.
  ///
  /// @param flag its flag, such as `--mesh`
  record OnCommandLine(String flag) implements Place {
    @Override
    public String label() {
      return flag;
    }

    @Override
    public String mention() {
      return flag;
    }
  }

  /// Nowhere: the default.
  record Default() implements Place {
    @Override
    public String label() {
      return "default";
    }

    @Override
    public String mention() {
      return "default";
    }
  }

  /// How a problem's first line begins: `skein.yaml:14:5`, `SKEIN_MESH_BIND`, `--mesh`, `default`.
  String label();

  /// How another message refers to it: `line 26`, `--mesh`.
  String mention();
}
