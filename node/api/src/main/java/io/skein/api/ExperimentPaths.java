package io.skein.api;

import static io.skein.api.Answers.flat;
import static io.skein.api.Answers.named;

import io.skein.api.MeshControl.Result;
import io.skein.api.view.ExperimentView;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.regex.Pattern;

/// Paths of the experiments on routes: shown, ended.
final class ExperimentPaths {
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
  private static final String NAME_FORM = "1..63 of a-z, 0-9 and dash, no dash at either end";

  private final MeshView view;
  private final MeshControl control;
  private final Answers answers;
  private final Acknowledging acknowledging;

  ExperimentPaths(MeshView view, MeshControl control, Answers answers) {
    this.view = view;
    this.control = control;
    this.answers = answers;
    this.acknowledging = new Acknowledging(control, answers);
  }

  void into(Paths paths) {
    paths
        .get("/v1/experiments", this::list)
        .get("/v1/experiments/:experiment", this::show)
        .on(
            HttpMethod.POST,
            "/v1/experiments/:experiment/stop",
            this::stop,
            Acknowledging.PARAMETERS);
  }

  private void list(RoutingContext context) {
    Answers.onContext(
        context, view.experiments(), all -> answers.read(context, named("experiments", all)));
  }

  /// The one that runs, or ended last, of those of that name.
  private void show(RoutingContext context) {
    String name = name(context);
    Answers.onContext(
        context,
        view.experiments(),
        all -> {
          List<ExperimentView> found =
              all.stream().filter(each -> each.name().equals(name)).toList();
          if (found.isEmpty()) {
            throw ProblemCode.UNKNOWN_EXPERIMENT.found(404, "no experiment " + name);
          }
          answers.read(context, flat(found.getFirst()));
        });
  }

  private void stop(RoutingContext context) {
    Acknowledging.Wait wait = Acknowledging.of(context);
    String name = name(context);
    BodyReader.of(context).done();
    Answers.onContext(
        context, control.stopExperiment(name), result -> answer(context, wait, result));
  }

  private void answer(RoutingContext context, Acknowledging.Wait wait, Result result) {
    switch (result) {
      case Result.Accepted(String record) ->
          acknowledging.answer(context, wait, 202, record, named("record", record));
      case Result.Refused(int status, String code, String detail, String _) ->
          throw new Problem.Found(new Problem(status, code, detail, List.of()));
      case Result.Applied _, Result.Invited _, Result.Revoked _, Result.Rotated _ ->
          throw new IllegalStateException("an end is a record or refused: " + result);
    }
  }

  private static String name(RoutingContext context) {
    String name = Parameters.path(context, "experiment");
    if (!NAME.matcher(name).matches()) {
      throw Parameters.invalid("experiment", name, NAME_FORM);
    }
    return name;
  }
}
