package io.skein.app.contract.cel;

import dev.cel.checker.CelStandardDeclarations;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelSourceLocation;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import io.skein.app.contract.Rules;
import io.skein.app.traffic.Clause;
import java.util.Optional;
import java.util.Set;

/// The part of the Common Expression Language in which contracts are written: whole numbers of 64
/// bits and truth values, `+ - * / %`, comparisons, `&& || !` and `? :`. No lists, texts, floating
/// point, functions, time or loops: what is left has one value on every machine and costs no more
/// than its length. A sum that leaves 64 bits and a division by zero have no value; then the window
/// is not judged.
///
/// Source: the CEL language definition (cel.dev), by the library cel-java, whose parser, checker
/// and interpreter are used with all else switched off.
public final class CelRules implements Rules {
  private static final Set<String> ALLOWED =
      Set.of(
          "add_int64",
          "subtract_int64",
          "multiply_int64",
          "divide_int64",
          "modulo_int64",
          "negate_int64",
          "less_int64",
          "less_equals_int64",
          "greater_int64",
          "greater_equals_int64",
          "equals",
          "not_equals",
          "logical_and",
          "logical_or",
          "logical_not",
          "conditional");
  private static final int MAX_DEPTH = 32;
  private static final int MAX_MESSAGE = 300;
  private static final String PROBE = "p99_ms <= 1";

  private final CelCompiler compiler;
  private final CelRuntime runtime;

  /// Loads the library; takes a while the first time.
  public CelRules() {
    CelOptions options =
        CelOptions.current()
            .maxExpressionCodePointSize(Clause.MAX_REQUIRE)
            .maxParseRecursionDepth(MAX_DEPTH)
            .maxParseErrorRecoveryLimit(4)
            .enableComprehension(false)
            .enableHeterogeneousNumericComparisons(false)
            .build();
    CelCompilerBuilder builder =
        CelCompilerFactory.standardCelCompilerBuilder()
            .setOptions(options)
            .setStandardMacros()
            .setStandardEnvironmentEnabled(false)
            .setStandardDeclarations(
                CelStandardDeclarations.newBuilder()
                    .filterFunctions(
                        (_, overload) -> ALLOWED.contains(overload.celOverloadDecl().overloadId()))
                    .filterIdentifiers(_ -> false)
                    .build())
            .setResultType(SimpleType.BOOL);
    for (Variable variable : Variable.values()) {
      builder.addVar(variable.word(), SimpleType.INT);
    }
    this.compiler = builder.build();
    this.runtime = CelRuntimeFactory.standardCelRuntimeBuilder().setOptions(options).build();
    if (!(compile(PROBE) instanceof Compiled.Usable)) {
      throw new IllegalStateException("the expression library does not work");
    }
  }

  @Override
  public Compiled compile(String require) {
    try {
      CelValidationResult checked = compiler.compile(require);
      if (checked.hasError()) {
        CelIssue first = checked.getErrors().getFirst();
        return faulty(first.getSourceLocation(), first.getMessage());
      }
      CelAbstractSyntaxTree tree = checked.getAst();
      Optional<CelExpr> alien = alien(tree.getExpr());
      if (alien.isPresent()) {
        CelSourceLocation at =
            Optional.ofNullable(tree.getSource().getPositionsMap().get(alien.get().id()))
                .flatMap(tree.getSource()::getOffsetLocation)
                .orElse(CelSourceLocation.of(1, 0));
        return faulty(at, "expected whole numbers and truth values only");
      }
      return new Compiled.Usable(new CelCondition(runtime.createProgram(tree)));
    } catch (CelValidationException | CelEvaluationException | RuntimeException e) {
      return faulty(CelSourceLocation.of(1, 0), String.valueOf(e.getMessage()));
    } catch (StackOverflowError _) {
      return faulty(CelSourceLocation.of(1, 0), "nested too deeply");
    }
  }

  private static Compiled faulty(CelSourceLocation at, String message) {
    String text = message.replace(" (in container '')", "").strip();
    String known = text.startsWith("undeclared reference") ? "; known are " + Variable.words() : "";
    String shown = text.length() > MAX_MESSAGE ? text.substring(0, MAX_MESSAGE) + "…" : text;
    return new Compiled.Faulty(
        Math.max(1, at.getLine()) + ":" + (Math.max(0, at.getColumn()) + 1) + ": " + shown + known);
  }

  /// What is neither a whole number, a truth value, a variable nor an operation on these.
  private static Optional<CelExpr> alien(CelExpr expr) {
    return switch (expr.exprKind().getKind()) {
      case CONSTANT -> {
        CelConstant.Kind kind = expr.constant().getKind();
        yield kind == CelConstant.Kind.INT64_VALUE || kind == CelConstant.Kind.BOOLEAN_VALUE
            ? Optional.empty()
            : Optional.of(expr);
      }
      case IDENT -> Optional.empty();
      case CALL -> expr.call().args().stream().flatMap(each -> alien(each).stream()).findFirst();
      case NOT_SET, SELECT, LIST, STRUCT, MAP, COMPREHENSION -> Optional.of(expr);
    };
  }
}
