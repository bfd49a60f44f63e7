import { chainFault } from "../../contract/gateway-log";
import { AuditProblem } from "../problem";
import { isObject, parsedJson, textMember } from "./json";
import { fileAt } from "./sources";

/** The gateway's log, joined to states by the provider's id. */

/** A line of the log that is about a provider. */
export interface LogEvent {
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly task?: string;
  readonly provider: string;
}

export interface GatewayLog {
  readonly source: string;
  readonly lines: number;
  /** Where the chain of hashes is broken, in words; undefined where it is whole. */
  readonly fault?: string;
  /** By the id of the provider, oldest first. */
  readonly events: ReadonlyMap<string, readonly LogEvent[]>;
}

/** Reads a log: JSON lines. A broken chain is no error here: it is what the reader looks for. @throws AuditProblem */
export function readGatewayLog(file: string): GatewayLog {
  const texts = fileAt(file)
    .toString("utf8")
    .split("\n")
    .filter((text) => text.trim() !== "");
  const lines = texts.map((text, i) => {
    const line = parsedJson(text, `line ${i + 1} of ${file}`);
    if (!isObject(line)) throw new AuditProblem(`line ${i + 1} of ${file} is no line of a gateway's log`);
    return line;
  });
  const fault = chainFault(lines);
  const events = new Map<string, LogEvent[]>();
  for (const line of lines) {
    const provider = textMember(line, "provider");
    const at = textMember(line, "at") ?? "";
    if (provider === undefined || Number.isNaN(Date.parse(at))) continue;
    const event = {
      at: new Date(at).toISOString(),
      actor: textMember(line, "actor") ?? "",
      action: textMember(line, "action") ?? "",
      task: textMember(line, "task"),
      provider,
    };
    const earlier = events.get(provider);
    if (earlier) earlier.push(event);
    else events.set(provider, [event]);
  }
  return {
    source: file,
    lines: lines.length,
    fault: fault && `line ${fault.index + 1}: ${fault.what}`,
    events,
  };
}
