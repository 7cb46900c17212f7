package io.skein.api;

import static io.skein.api.Answers.flat;
import static io.skein.api.Answers.named;

import io.skein.api.view.ExperimentView;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/// Paths of the experiments on routes: shown, ended.
final class ExperimentPaths {

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
    String name = Parameters.name(context, "experiment");
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
    String name = Parameters.name(context, "experiment");
    BodyReader.of(context).done();
    acknowledging.answer(context, wait, control.stopExperiment(name));
  }
}
