import { describe, expect, it } from "vitest";
import { SseParser } from "@/api/sse";

const all = (pieces: string[]) => {
  const parser = new SseParser();
  return pieces.flatMap((piece) => parser.push(piece));
};

describe("server-sent events", () => {
  it("reads names and data", () => {
    expect(all(['event: text\ndata: {"delta":"a"}\n\n'])).toEqual([{ event: "text", data: '{"delta":"a"}' }]);
  });

  it("does not care where the stream is cut, nor how lines end", () => {
    for (const end of ["\n", "\r\n", "\r"]) {
      // A lone CR at the very end could still be half of CRLF, so one more comment follows.
      const stream = `event: plan${end}data: 大区${end}${end}: ping${end}data: x${end}data: y${end}${end}: end${end}\n`;
      const whole = all([stream]);
      expect(whole).toEqual([
        { event: "plan", data: "大区" },
        { event: "message", data: "x\ny" },
      ]);
      for (let cut = 1; cut < stream.length; cut += 1) {
        expect(all([stream.slice(0, cut), stream.slice(cut)])).toEqual(whole);
      }
      expect(all(Array.from(stream))).toEqual(whole);
    }
  });

  it("ignores comments, ids, events without data, and an unfinished event", () => {
    expect(all([": ping\n\nid: 7\nretry: 10\nevent: lonely\n\ndata: late\n"])).toEqual([]);
  });

  it("takes one space after the colon, not more, and skips a byte order mark", () => {
    expect(all(["\uFEFFdata:  two\n\n", "data:none\n\n"])).toEqual([
      { event: "message", data: " two" },
      { event: "message", data: "none" },
    ]);
  });
});
