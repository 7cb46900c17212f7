package io.skein.ledger.record;

import io.skein.ledger.cbor.CborException;
import io.skein.ledger.cbor.CborReader;
import io.skein.ledger.cbor.CborWriter;
import io.skein.ledger.key.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Catalogue changes as CBOR arrays: a code for the kind of change, then its components in order.
final class ServiceChangeCodec {
  private static final int PUT_SERVICE = 1;
  private static final int REMOVE_SERVICE = 2;
  private static final int PUT_ENDPOINT = 3;
  private static final int REMOVE_ENDPOINT = 4;
  private static final int PUT_ROUTE = 5;
  private static final int REMOVE_ROUTE = 6;

  private ServiceChangeCodec() {}

  static void write(ServiceChange change, CborWriter out) {
    switch (change) {
      case ServiceChange.PutService put -> {
        out.array(11)
            .integer(PUT_SERVICE)
            .text(put.service())
            .text(put.protocol())
            .text(put.policy())
            .array(put.hosts().size());
        put.hosts().forEach(out::text);
        out.text(put.pathPrefix())
            .text(put.healthPath())
            .integer(put.healthIntervalMillis())
            .integer(put.healthTimeoutMillis())
            .integer(put.slowAfterMillis())
            .text(put.traffic());
      }
      case ServiceChange.RemoveService(String service) ->
          out.array(2).integer(REMOVE_SERVICE).text(service);
      case ServiceChange.PutEndpoint put -> {
        // The usual price is not written: older nodes read such endpoints as ever.
        boolean priced = put.priceMilli() != ServiceChange.PutEndpoint.USUAL_PRICE;
        out.array(priced ? 8 : 7)
            .integer(PUT_ENDPOINT)
            .text(put.service())
            .text(put.endpoint())
            .text(put.url())
            .bytes(put.owner().map(NodeId::toBytes).orElse(new byte[0]))
            .text(put.region())
            .integer(put.weight());
        if (priced) {
          out.integer(put.priceMilli());
        }
      }
      case ServiceChange.RemoveEndpoint(String service, String endpoint) ->
          out.array(3).integer(REMOVE_ENDPOINT).text(service).text(endpoint);
      case ServiceChange.PutRoute(String name, String document) ->
          out.array(3).integer(PUT_ROUTE).text(name).text(document);
      case ServiceChange.RemoveRoute(String name) -> out.array(2).integer(REMOVE_ROUTE).text(name);
    }
  }

  static ServiceChange read(CborReader in) throws CborException {
    int items = in.array(11);
    long kind = in.integer();
    if (kind == PUT_SERVICE && items == 11) {
      return readPutService(in);
    }
    if (kind == REMOVE_SERVICE && items == 2) {
      return new ServiceChange.RemoveService(text(in));
    }
    if (kind == PUT_ENDPOINT && (items == 7 || items == 8)) {
      return new ServiceChange.PutEndpoint(
          text(in),
          text(in),
          text(in),
          owner(in),
          text(in),
          (int) in.integer(1, 1_000),
          items == 7 ? ServiceChange.PutEndpoint.USUAL_PRICE : price(in));
    }
    if (kind == REMOVE_ENDPOINT && items == 3) {
      return new ServiceChange.RemoveEndpoint(text(in), text(in));
    }
    if (kind == PUT_ROUTE && items == 3) {
      return new ServiceChange.PutRoute(text(in), document(in));
    }
    if (kind == REMOVE_ROUTE && items == 2) {
      return new ServiceChange.RemoveRoute(text(in));
    }
    throw new CborException("expected a catalogue change");
  }

  private static ServiceChange.PutService readPutService(CborReader in) throws CborException {
    String service = text(in);
    String protocol = text(in);
    String policy = text(in);
    List<String> hosts = new ArrayList<>();
    for (int left = in.array(ServiceChange.PutService.MAX_HOSTS); left > 0; left--) {
      hosts.add(text(in));
    }
    return new ServiceChange.PutService(
        service,
        protocol,
        policy,
        hosts,
        text(in),
        text(in),
        in.integer(),
        in.integer(),
        in.integer(),
        document(in));
  }

  private static Optional<NodeId> owner(CborReader in) throws CborException {
    byte[] owner = in.bytes(NodeId.BYTES);
    if (owner.length == 0) {
      return Optional.empty();
    }
    if (owner.length != NodeId.BYTES) {
      throw new CborException("expected an owner of 0 or 16 bytes");
    }
    return Optional.of(NodeId.fromBytes(owner, 0));
  }

  // One form for each value: the usual price is not written.
  private static int price(CborReader in) throws CborException {
    int price =
        (int)
            in.integer(ServiceChange.PutEndpoint.LEAST_PRICE, ServiceChange.PutEndpoint.MOST_PRICE);
    if (price == ServiceChange.PutEndpoint.USUAL_PRICE) {
      throw new CborException("expected no price where it is the usual one");
    }
    return price;
  }

  private static String document(CborReader in) throws CborException {
    return in.text(ServiceChange.MAX_DOCUMENT);
  }

  private static String text(CborReader in) throws CborException {
    return in.text(Body.MAX_TEXT);
  }
}
