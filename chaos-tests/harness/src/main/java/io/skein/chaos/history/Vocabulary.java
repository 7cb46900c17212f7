package io.skein.chaos.history;

/// The words of a history: what the functions are called whose meaning the checks know, and what
/// their values look like. Events with other functions are carried along and not judged.
///
/// Functions of clients, with the value of `INVOKE` and that of `OK`:
///
/// | function | invoked with | answered with |
/// | --- | --- | --- |
/// | [#APPEND] | `"element"` | `"element"`, or `{"element":"x","feed":"author/epoch","seq":3}` |
/// | [#READ] | `null` | `{"elements":["x","y"]}`: all that the node holds |
/// | [#READ] | `{"since":2}` | `{"since":2,"elements":["z"]}`: what this reader (process and node) was not yet given; 2 were |
/// | [#FEED] | `"author/epoch"` | `{"feed":"author/epoch","from":1,"hashes":["aa","bb"],"head":2}`; `head`, where the feed ends at this node, may be left out |
/// | [#ROOTS] | `null` | `{"heads":"aa","reputation":"bb"}` |
/// | [#PUT] | `{"key":"k","value":…}` | the same |
/// | [#LOOKUP] | `"key"` | `{"key":"k","value":…}`, value `null` for none |
/// | [#OWNERS] | `null` | `{"owners":{"k":"n1","j":null}}`: whom this node holds to own each key, `null` for nobody |
/// | [#SHADOWS] | `null` | `{"shadows":{"n1":["n2","n3"]}}`: whom this node holds to stand in for each that is alive |
/// | [#STRENGTHS] | `null` | `{"heads":"aa","minute":29384921,"effects":3,"strengths":…}`: what this node derived from so many measured repairs |
/// | [#IDENTITIES] | `null` | `{"alive":["aaaa"],"invites":{"bbbb":"1 of 8"}}`: which identities this node holds for living members, and what it holds of each invite |
/// | [#REPAIRS] | `null` | `{"alive":["n1","n2"],"repairs":[{"id":"aa","at":"…","diagnosis":"dead","action":"cover","subject":"n3","kind":"node","by":"n2"}]}`: whom this node holds alive, and the repairs it tells of that this reader was not yet told |
/// | [#ACCUSED] | `null` | `{"nodes":["n3"]}`: whom this node holds to have cheated |
/// | [#MEMBERS] | `null` | `{"alive":["n1","n2"]}`: whom this node holds alive, itself included |
/// | [#REQUEST] | `{"id":"r1","service":"s","repeatable":true}` | `{"id":"r1","service":"s","endpoint":"e1","serial":7}` |
/// | [#CONNECT] | `{"connection":"n1-3"}` | the same |
/// | [#TALK] | `{"connection":"n1-3","sent":["a","b"]}`: lines, no two of a run the same | `{"connection":"n1-3","from":["e1/17"],"got":["a","b"]}`: who sent what back; `from` is an endpoint's name and a number that it gives to no other connection. `UNSURE`: the connection ended, and this had come |
/// | [#VISIT] | `{"visitor":"v1-3","stays":"e1"}`: whose cookie keeps it with that endpoint; empty if it has none | `{"visitor":"v1-3","endpoint":"e1","told":false}`: who answered, and whether with a new cookie, which keeps it there from now on |
/// | [#COUNTER] | `"name"` | `{"counter":"name","life":"1","value":17}`: must not go back within a life |
///
/// Functions of `INFO`, process -1, besides those with a [FaultMark]:
///
/// | function | node | value |
/// | --- | --- | --- |
/// | [#BYZANTINE] | the node that cheats from now on | anything |
/// | [#SERVED] | where the endpoint is, or empty | `{"id":"r1","service":"s","endpoint":"e1","serial":7}`: the endpoint's own word that it took a request |
/// | [#REVOKED] | whose identity ended | `{"identity":"aaaa","by":"n2"}`: a node acknowledged that it is revoked |
/// | [#JOINED_TWICE] | empty | `{"invite":"bbbb","identities":["aaaa","cccc"]}`: two sides of a split each admitted one of them by an invite that is good for one |
/// | [#NOT_ADMITTED] | the node | `{"identity":"cccc","takes":false}`: a node joined, is no member in the end, and took a change, or not |
/// | [#QUIET] | empty | nothing is written from now on: all that comes is reading |
/// | [#DROPPED] | empty | how many events were not taken down |
/// | [#AMISS] | the node asked | `"GET /v1/owners: 200 without owners"`: an answer that is none, or a client that broke off |
///
/// A `FAIL` or `UNSURE` of a request that no endpoint of its side could have answered says so:
/// `{"excused":"why"}`. An author of feeds who cheats is named by `{"authors":["…"]}` as the value
/// of [#BYZANTINE], where authors are not called by their nodes' names.
public final class Vocabulary {
  /// Adds an element, at most once in its life, to the set that all nodes are to hold.
  public static final String APPEND = "append";

  /// Reads that set at a node.
  public static final String READ = "read";

  /// Reads an author's feed at a node, from a place on.
  public static final String FEED = "feed";

  /// Reads a node's heads root and the reputation root it derived from them.
  public static final String ROOTS = "roots";

  /// Sets a key.
  public static final String PUT = "put";

  /// Reads a key at a node.
  public static final String LOOKUP = "lookup";

  /// Asks a node who owns what.
  public static final String OWNERS = "owners";

  /// Asks a node who stands in for whom.
  public static final String SHADOWS = "shadows";

  /// Reads how strongly a node advises each repair, and from which records and for which minute
  /// that follows.
  public static final String STRENGTHS = "strengths";

  /// Asks a node which identities are members, and how far invites are used up.
  public static final String IDENTITIES = "identities";

  /// Asks a node what was repaired, and whom it holds alive.
  public static final String REPAIRS = "repairs";

  /// Asks a node whom it accuses.
  public static final String ACCUSED = "accused";

  /// Asks a node whom it holds alive.
  public static final String MEMBERS = "members";

  /// Asks a service through a node.
  public static final String REQUEST = "request";

  /// Opens a connection through a node.
  public static final String CONNECT = "connect";

  /// Sends lines on a connection and waits until they have come back.
  public static final String TALK = "talk";

  /// Asks a service whose clients stay with the endpoint they came to.
  public static final String VISIT = "visit";

  /// Reads a counter of a node.
  public static final String COUNTER = "counter";

  /// A node cheats from now on.
  public static final String BYZANTINE = "byzantine";

  /// An endpoint took a request.
  public static final String SERVED = "served";

  /// An identity was revoked.
  public static final String REVOKED = "revoked";

  /// Two identities joined by an invite for one.
  public static final String JOINED_TWICE = "joined-twice";

  /// A node that joined is no member in the end.
  public static final String NOT_ADMITTED = "not-admitted";

  /// Nothing is written from now on.
  public static final String QUIET = "quiet";

  /// Events were not taken down.
  public static final String DROPPED = "dropped";

  /// An answer was none, or a client broke off.
  public static final String AMISS = "amiss";

  private Vocabulary() {}
}
