package io.skein.api;

import static io.skein.api.Answers.flat;

import io.skein.api.RunningConfig.Reload;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;

/// Paths of the node's own configuration: shown, checked, reloaded.
final class ConfigPaths {
  private final RunningConfig config;
  private final Answers answers;

  ConfigPaths(RunningConfig config, Answers answers) {
    this.config = config;
    this.answers = answers;
  }

  void into(Paths paths) {
    paths
        .get("/v1/config", context -> answers.read(context, flat(config.view())))
        .on(HttpMethod.POST, "/v1/config/validate", context -> reload(context, true))
        .on(HttpMethod.POST, "/v1/config/reload", context -> reload(context, false));
  }

  private void reload(RoutingContext context, boolean dryRun) {
    BodyReader.of(context).done();
    Answers.onContext(
        context,
        config.reload(dryRun),
        ended -> {
          switch (ended) {
            case Reload.Done(var view) -> answers.change(context, 200, flat(view));
            case Reload.Refused(int status, String code, String detail, var problems) ->
                throw new Problem.Found(
                    new Problem(status, code, detail, List.of(), Map.of("problems", problems)));
          }
        });
  }
}
