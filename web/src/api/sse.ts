export interface SseEvent {
  event: string;
  data: string;
}

/**
 * Parser of a server-sent event stream that arrives in pieces: `push` takes a piece of text and
 * returns the events that it completed. Follows the WHATWG rules for line ends, comments and
 * several `data:` lines; ids and retry times are not used by the service and are ignored.
 */
export class SseParser {
  private rest = "";
  private event = "";
  private data: string[] = [];
  private started = false;

  push(piece: string): SseEvent[] {
    let text = this.rest + piece;
    if (!this.started && text.length > 0) {
      if (text.startsWith("\uFEFF")) text = text.slice(1);
      this.started = true;
    }
    const events: SseEvent[] = [];
    let from = 0;
    for (;;) {
      const end = nextLineEnd(text, from);
      if (end === null) break;
      this.line(text.slice(from, end.at), events);
      from = end.next;
    }
    this.rest = text.slice(from);
    return events;
  }

  private line(line: string, events: SseEvent[]): void {
    if (line === "") {
      if (this.data.length > 0) events.push({ event: this.event || "message", data: this.data.join("\n") });
      this.event = "";
      this.data = [];
      return;
    }
    if (line.startsWith(":")) return; // a comment keeps the connection open
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    let value = colon < 0 ? "" : line.slice(colon + 1);
    if (value.startsWith(" ")) value = value.slice(1);
    if (field === "event") this.event = value;
    else if (field === "data") this.data.push(value);
  }
}

function nextLineEnd(text: string, from: number): { at: number; next: number } | null {
  for (let at = from; at < text.length; at += 1) {
    const char = text[at];
    if (char === "\n") return { at, next: at + 1 };
    if (char === "\r") {
      // A carriage return that ends the piece may be the first half of CRLF: wait for the next piece.
      if (at + 1 === text.length) return null;
      return { at, next: text[at + 1] === "\n" ? at + 2 : at + 1 };
    }
  }
  return null;
}
