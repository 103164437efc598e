import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "@jest/globals";
import { encodingProblems, inFormOf, MOST_BYTES, readBody, repeatedMembers, shallow } from "./body.js";
import { goodExchange } from "./witness.js";

const JSON_TYPE = { "content-type": "application/json" };
const HTML_TYPE = { "content-type": "text/html" };
const coded = (coding: string, type = JSON_TYPE) => ({ ...type, "content-encoding": coding });
const MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const BROKEN = Buffer.from([0x22, 0xff, 0x22]);

/** The bytes as a response with these headers. */
const received = (bytes: Buffer, headers: Record<string, string>) => ({
  ...goodExchange.response,
  headers,
  ...readBody(bytes, headers),
});
const problemsOf = (bytes: Buffer, headers: Record<string, string>) => encodingProblems(received(bytes, headers));

const COMPRESSION = "is not compressed as content-encoding says, or is too long when decompressed";
const CHARSET = "is JSON, so its charset must be utf-8";
const UTF_8 = "is not valid UTF-8";
const BOM = "begins with a byte order mark, which JSON must not have";

describe("readBody", () => {
  test.each([
    ["no coding", JSON_TYPE],
    ["no header at all", {}],
    ["identity", coded("identity")],
    ["identity in capitals, with blanks", coded(" Identity ")],
    ["an empty coding", coded(" ")],
  ])("needs the bytes for nothing: %s", (_, headers) => {
    expect(readBody(Buffer.from('"é"'), headers)).toEqual({ text: '"é"' });
  });

  test.each(["gzip", "br", "deflate", "identity"])("nothing is nothing in any coding: %s", (coding) => {
    expect(readBody(Buffer.alloc(0), coded(coding))).toEqual({ text: "" });
    expect(problemsOf(Buffer.alloc(0), coded(coding))).toEqual([]);
  });

  test.each([
    ["gzip", gzipSync],
    ["GZIP ", gzipSync],
    ["x-gzip", gzipSync],
    ["deflate", deflateSync],
    ["br", brotliCompressSync],
  ])("decompresses %j, and keeps the bytes", (coding, pack) => {
    const bytes = pack('"é"');
    expect(readBody(bytes, coded(coding))).toEqual({ text: '"é"', base64: bytes.toString("base64") });
    expect(problemsOf(bytes, coded(coding))).toEqual([]);
  });

  test.each([
    ["a byte order mark", Buffer.concat([MARK, Buffer.from("7")]), JSON_TYPE, "7"],
    ["compressed HTML", gzipSync("<p>"), coded("gzip", HTML_TYPE), "<p>"],
    ["HTML that is not compressed as it says", Buffer.from("<p>"), coded("gzip", HTML_TYPE), "<p>"],
    ["bytes that are no UTF-8", BROKEN, JSON_TYPE, '"\ufffd"'],
    ["another charset", Buffer.from([0xe9]), { "content-type": "text/plain; charset=latin1" }, "é"],
    ["an unknown charset", Buffer.from([0xff]), { "content-type": "text/plain; charset=none" }, "\ufffd"],
  ])("keeps the bytes of %s", (_, bytes, headers, text) => {
    expect(readBody(bytes, headers)).toEqual({ text, base64: bytes.toString("base64") });
  });
});

describe("what keeps a client from reading the bytes as text", () => {
  test.each<[string, Buffer, Record<string, string>, string[]]>([
    ["gzip that is none", Buffer.from("{}"), coded("gzip"), [COMPRESSION]],
    ["gzip that is none, in HTML", Buffer.from("<p>"), coded("gzip", { "content-type": "text/html" }), [COMPRESSION]],
    ["a coding that is unknown", Buffer.from("{}"), coded("zstd"), [COMPRESSION]],
    ["as many bytes as can be", gzipSync(Buffer.alloc(MOST_BYTES, "1")), coded("gzip"), []],
    ["one byte too many", gzipSync(Buffer.alloc(MOST_BYTES + 1, "1")), coded("gzip"), [COMPRESSION]],
    ["a byte order mark", Buffer.concat([MARK, Buffer.from("{}")]), JSON_TYPE, [BOM]],
    ["a byte order mark, compressed", gzipSync(Buffer.concat([MARK, Buffer.from("{}")])), coded("gzip"), [BOM]],
    ["a part of a byte order mark", Buffer.concat([MARK.subarray(0, 2), Buffer.from("{}")]), JSON_TYPE, [UTF_8]],
    ["a byte order mark that is not at the beginning", Buffer.from('"\ufeff"'), JSON_TYPE, []],
    ["bytes that are no UTF-8", BROKEN, JSON_TYPE, [UTF_8]],
    ["bytes that are no UTF-8, and no media type", BROKEN, {}, [UTF_8]],
    ["bytes that are no UTF-8, compressed", gzipSync(BROKEN), coded("gzip"), [UTF_8]],
    ["bytes that are no UTF-8, in another media type", BROKEN, { "content-type": "text/plain" }, []],
    ["a media type that only mentions JSON", BROKEN, { "content-type": "text/plain; a=json" }, []],
    ["a media type with JSON as a part of a word", BROKEN, { "content-type": "text/jsonish" }, []],
    ["JSON by its suffix", BROKEN, { "content-type": "Application/Problem+JSON" }, [UTF_8]],
    ["the replacement character itself", Buffer.from('"\ufffd"'), JSON_TYPE, []],
  ])("%s", (_, bytes, headers, problems) => {
    expect(problemsOf(bytes, headers)).toEqual(problems);
  });

  test.each([
    ["utf-8", []],
    ["UTF8", []],
    ['"utf-8"', []],
    ["utf-8; a=b", []],
    ["latin1", [CHARSET]],
    ["utf-16", [CHARSET]],
    ["utf-80", [CHARSET]],
    ["x-utf-8", [CHARSET]],
    ["", [CHARSET]],
  ])("JSON with the charset %j", (charset, problems) => {
    for (const form of [`; charset=${charset}`, `;CHARSET = ${charset}`])
      expect(problemsOf(Buffer.from("{}"), { "content-type": `application/json${form}` })).toEqual(problems);
  });

  test("text that was not kept as bytes is not compressed any more", () => {
    expect(encodingProblems({ ...goodExchange.response, headers: coded("gzip"), text: "{}" })).toEqual([]);
  });
});

describe("inFormOf gives another text the form of a body", () => {
  const form = (bytes: Buffer, headers: Record<string, string>, text: string) => {
    const masked = inFormOf(received(bytes, headers), text);
    return { ...masked, problems: encodingProblems({ ...goodExchange.response, headers, ...masked }) };
  };

  test("plain", () => {
    expect(form(Buffer.from("{}"), JSON_TYPE, "[]")).toEqual({ text: "[]", problems: [] });
  });

  test.each([
    ["gzip", gzipSync],
    ["deflate", deflateSync],
    ["br", brotliCompressSync],
  ])("compressed: %s", (coding, pack) => {
    const { text, base64, problems } = form(pack("{}"), coded(coding), "[]");
    expect({ text, problems }).toEqual({ text: "[]", problems: [] });
    expect(base64).toBe(pack("[]").toString("base64"));
  });

  test.each<[string, Buffer, Record<string, string>, string, string[]]>([
    ["a byte order mark", Buffer.concat([MARK, Buffer.from("{}")]), JSON_TYPE, "[]", [BOM]],
    ["bytes that are no UTF-8", BROKEN, JSON_TYPE, '"\ufffd\ufffd"', [UTF_8]],
    ["both, compressed", gzipSync(Buffer.concat([MARK, BROKEN])), coded("gzip"), '"\ufffd"', [BOM, UTF_8]],
    ["not compressed as it says", Buffer.from("secret"), coded("gzip"), "xxxxxx", [COMPRESSION]],
  ])("%s", (_, bytes, headers, text, problems) => {
    expect(form(bytes, headers, text)).toMatchObject({ text, problems });
  });

  test("compressed HTML", () => {
    expect(form(gzipSync("<p>"), coded("gzip", HTML_TYPE), "<xx")).toEqual({
      text: "<xx",
      base64: gzipSync("<xx").toString("base64"),
      problems: [],
    });
    expect(form(Buffer.from("<p>"), coded("gzip", HTML_TYPE), "<\ufffdx")).toEqual({
      text: "<\ufffdx",
      base64: Buffer.from("<\ufffdx").toString("base64"),
      problems: [COMPRESSION],
    });
  });

  test("a byte that is no UTF-8 stays one byte", () => {
    const { base64 } = form(BROKEN, JSON_TYPE, '"\ufffd"');
    expect(base64).toBe(BROKEN.toString("base64"));
  });
});

test.each([
  ["{}", []],
  ['{"a":1,"b":1}', []],
  ['{"a":1,"a":2,"a":3}', ["/a", "/a"]],
  ['{"a":{"b":1},"c":{"b":1}}', []],
  ['{"a":{"b":1,"b":2}}', ["/a/b"]],
  ['[{"b":1},{"b":1,"b":2}]', ["/1/b"]],
  ['{"a":[1,2,{"b":1,"b":2}],"b":[{"c":1,"c":1}]}', ["/a/2/b", "/b/0/c"]],
  ['{"a":[[],[{"b":1,"b":2}]]}', ["/a/1/0/b"]],
  ['{"a":"a:","b":"{[,"}', []],
  ['{"a":"}","a":1}', ["/a"]],
  [String.raw`{"a\"":1,"a\"":2}`, ['/a"']],
  [String.raw`{"a":1,"\u0061":2}`, ["/a"]],
  ['{"a" : 1 , "a"\n: 2}', ["/a"]],
  ['{"a/b":1,"a/b":2}', ["/a~1b"]],
  ['"a"', []],
])("members that come twice in %s: %j", (text, pointers) => {
  expect(repeatedMembers(text)).toEqual(pointers);
});

test("of members that come twice, the first 100 are named, and the first 100 levels of a place", () => {
  const many = `[${Array(101).fill('{"a":1,"a":2}').join()}]`;
  expect(repeatedMembers(many)).toEqual(Array.from({ length: 100 }, (_, index) => `/${index}/a`));
  const deep = (levels: number) => `${"[".repeat(levels)}{"a":1,"a":2}${"]".repeat(levels)}`;
  expect(repeatedMembers(deep(99))).toEqual([`${"/0".repeat(99)}/a`]);
  expect(repeatedMembers(deep(50_000))).toEqual(["/0".repeat(100)]);
});

test.each(["[", '{"a":'])("below 100 levels of %s a shallow value is empty", (open) => {
  const nested = (levels: number) => {
    const close = open === "[" ? "]" : "}";
    return JSON.parse(`${open.repeat(levels)}${open[0]}${close}${close.repeat(levels)}`);
  };
  expect(shallow(nested(100))).toEqual(nested(100));
  expect(shallow(nested(50_000))).toEqual(nested(100));
  expect(shallow({ a: [1, "b", null] })).toEqual({ a: [1, "b", null] });
});
