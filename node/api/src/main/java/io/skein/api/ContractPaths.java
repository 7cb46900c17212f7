package io.skein.api;

import static io.skein.api.Answers.flat;
import static io.skein.api.Answers.named;

import io.skein.api.view.ContractView;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;

/// Paths of the mesh's contracts: shown with what they say, changed.
final class ContractPaths {

  private final MeshView view;
  private final MeshControl control;
  private final Answers answers;
  private final Acknowledging acknowledging;

  ContractPaths(MeshView view, MeshControl control, Answers answers) {
    this.view = view;
    this.control = control;
    this.answers = answers;
    this.acknowledging = new Acknowledging(control, answers);
  }

  void into(Paths paths) {
    String contract = "/v1/contracts/:contract";
    paths
        .get("/v1/contracts", this::list)
        .get(contract, this::show)
        .on(HttpMethod.PUT, contract, this::put, Acknowledging.PARAMETERS)
        .on(HttpMethod.DELETE, contract, this::delete, Acknowledging.PARAMETERS);
  }

  private void list(RoutingContext context) {
    Answers.onContext(
        context,
        view.contracts(),
        contracts ->
            answers.read(
                context, named("contracts", contracts.stream().map(ContractView::brief).toList())));
  }

  private void show(RoutingContext context) {
    String name = Parameters.name(context, "contract");
    Answers.onContext(
        context,
        view.contracts(),
        contracts -> {
          ContractView found =
              contracts.stream()
                  .filter(contract -> contract.name().equals(name))
                  .findFirst()
                  .orElseThrow(
                      () -> ProblemCode.UNKNOWN_CONTRACT.found(404, "no contract " + name));
          answers.read(context, flat(found));
        });
  }

  private void put(RoutingContext context) {
    Acknowledging.Wait wait = Acknowledging.of(context);
    String name = Parameters.name(context, "contract");
    BodyReader body = BodyReader.of(context);
    String document = body.rest();
    acknowledging.answer(
        context,
        wait,
        body,
        control.contractFaults(document),
        () -> control.putContract(name, document));
  }

  private void delete(RoutingContext context) {
    Acknowledging.Wait wait = Acknowledging.of(context);
    acknowledging.answer(
        context, wait, control.deleteContract(Parameters.name(context, "contract")));
  }
}
