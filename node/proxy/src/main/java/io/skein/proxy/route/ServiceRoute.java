package io.skein.proxy.route;

import io.skein.proxy.resilience.Resilience;
import io.skein.proxy.web.Web;
import io.skein.routing.candidate.RequestClass;
import java.util.Map;

/// How one service is served, as of one snapshot.
///
/// @param service the service's name, header-safe
/// @param selector chooses among its candidates
/// @param targets where each candidate id is reached; a candidate without a target counts as a
///   failed connection
/// @param timeouts patience with its endpoints
/// @param retries what retries may cost; shared by all snapshots of the service
/// @param safe the class of its idempotent requests
/// @param unsafe the class of all others
/// @param resilience what keeps its requests and endpoints from harm; shared by all snapshots
/// @param web what is done for browsers
public record ServiceRoute(
    String service,
    Selector selector,
    Map<String, Target> targets,
    Timeouts timeouts,
    RetryBudget retries,
    RequestClass safe,
    RequestClass unsafe,
    Resilience resilience,
    Web web) {
  public ServiceRoute {
    if (service.isEmpty()
        || !service.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != '"' && c != '\\')) {
      throw new IllegalArgumentException(
          "service: '" + service + "' (expected: visible ASCII without quotes)");
    }
    targets = Map.copyOf(targets);
  }

  public ServiceRoute(
      String service,
      Selector selector,
      Map<String, Target> targets,
      Timeouts timeouts,
      RetryBudget retries,
      Resilience resilience) {
    this(
        service,
        selector,
        targets,
        timeouts,
        retries,
        new RequestClass(service, true),
        new RequestClass(service, false),
        resilience,
        Web.NONE);
  }

  public ServiceRoute(
      String service,
      Selector selector,
      Map<String, Target> targets,
      Timeouts timeouts,
      RetryBudget retries) {
    this(service, selector, targets, timeouts, retries, Resilience.NONE);
  }

  /// The same with other rules for its requests.
  public ServiceRoute with(RetryBudget budget, Resilience rules) {
    return new ServiceRoute(service, selector, targets, timeouts, budget, safe, unsafe, rules, web);
  }

  /// The same with candidates chosen otherwise.
  public ServiceRoute with(Selector other) {
    return new ServiceRoute(
        service, other, targets, timeouts, retries, safe, unsafe, resilience, web);
  }

  /// The same with another patience.
  ServiceRoute withTimeouts(Timeouts other) {
    return other.equals(timeouts)
        ? this
        : new ServiceRoute(
            service, selector, targets, other, retries, safe, unsafe, resilience, web);
  }

  /// The same with something else done for browsers.
  public ServiceRoute withWeb(Web other) {
    return other.equals(web)
        ? this
        : new ServiceRoute(
            service, selector, targets, timeouts, retries, safe, unsafe, resilience, other);
  }

  /// A route that never retries.
  public ServiceRoute(
      String service, Selector selector, Map<String, Target> targets, Timeouts timeouts) {
    this(service, selector, targets, timeouts, RetryBudget.NONE);
  }
}
