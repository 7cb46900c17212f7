package io.skein.api;

import static io.skein.api.Answers.flat;
import static io.skein.api.Answers.named;

import io.skein.api.MeshControl.Result;
import io.skein.api.view.ContractView;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.regex.Pattern;

/// Paths of the mesh's contracts: shown with what they say, changed.
final class ContractPaths {
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
  private static final String NAME_FORM = "1..63 of a-z, 0-9 and dash, no dash at either end";

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
    String name = name(context);
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
    String name = name(context);
    BodyReader body = BodyReader.of(context);
    String document = body.rest();
    Answers.onContext(
        context,
        control.contractFaults(document),
        faults -> {
          faults.forEach(fault -> body.fault(fault.pointer(), fault.detail()));
          body.done();
          Answers.onContext(
              context,
              control.putContract(name, document),
              result -> answer(context, wait, result));
        });
  }

  private void delete(RoutingContext context) {
    Acknowledging.Wait wait = Acknowledging.of(context);
    Answers.onContext(
        context, control.deleteContract(name(context)), result -> answer(context, wait, result));
  }

  private void answer(RoutingContext context, Acknowledging.Wait wait, Result result) {
    switch (result) {
      case Result.Accepted(String record) ->
          acknowledging.answer(context, wait, 202, record, named("record", record));
      case Result.Refused(int status, String code, String detail, String pointer) ->
          throw new Problem.Found(
              new Problem(
                  status,
                  code,
                  detail,
                  pointer.isEmpty()
                      ? List.of()
                      : List.of(new Problem.FieldError(pointer, detail))));
      case Result.Applied _, Result.Invited _, Result.Revoked _, Result.Rotated _ ->
          throw new IllegalStateException("a contract is a record or refused: " + result);
    }
  }

  private static String name(RoutingContext context) {
    String name = Parameters.path(context, "contract");
    if (!NAME.matcher(name).matches()) {
      throw Parameters.invalid("contract", name, NAME_FORM);
    }
    return name;
  }
}
