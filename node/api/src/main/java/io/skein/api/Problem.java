package io.skein.api;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What went wrong with a request, as RFC 9457 tells it.
///
/// @param status HTTP status
/// @param code stable name, explained at `/problems/{code}`
/// @param detail what is wrong with this very request
/// @param errors each mistake in the body, if it is the body
/// @param more further members of the answer (RFC 9457 §3.2)
record Problem(
    int status, String code, String detail, List<FieldError> errors, Map<String, Object> more) {
  Problem {
    errors = List.copyOf(errors);
    more = Collections.unmodifiableMap(new LinkedHashMap<>(more));
  }

  Problem(int status, String code, String detail, List<FieldError> errors) {
    this(status, code, detail, errors, Map.of());
  }

  /// One mistake.
  ///
  /// @param pointer JSON Pointer (RFC 6901) into the body
  record FieldError(String pointer, String detail) {}

  static Problem of(int status, String code, String detail) {
    return new Problem(status, code, detail, List.of());
  }

  static Problem body(List<FieldError> errors) {
    String detail = errors.size() == 1 ? errors.getFirst().detail() : errors.size() + " mistakes";
    return new Problem(400, "invalid-body", detail, errors);
  }

  /// The body of the answer to a request for `instance`.
  String json(String instance) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("type", ProblemCode.find(code).isPresent() ? "/problems/" + code : "about:blank");
    members.put("title", ProblemCode.find(code).map(ProblemCode::title).orElse("Refused"));
    members.put("status", status);
    members.put("detail", detail);
    members.put("instance", instance);
    members.put("code", code);
    if (!errors.isEmpty()) {
      members.put("errors", errors);
    }
    more.forEach(members::putIfAbsent);
    return Rendering.json(members);
  }

  /// Carries a problem from where it is found to where it is answered.
  static final class Found extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Problem problem;

    Found(Problem problem) {
      super(problem.detail(), null, false, false);
      this.problem = problem;
    }

    Problem problem() {
      return problem;
    }
  }
}
