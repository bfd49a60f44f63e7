import { auditCheck } from "../../audit";
import { RULES } from "../../audit/rules";
import { command } from "../command";
import { tableLines } from "../table";
import { auditOptions, OPTIONS, OPTIONS_HELP, print, reading } from "./shared";

const HELP = `Usage: pulumi-clevertap-whatsapp audit check STATE... [options]

Looks for what is wrong in states. Give the states of all stacks together: numbers that two of them hold are found
only then. STATE: as BEFORE of \`audit diff\`, or a folder of states, or the folder of a file backend.

  --history FOLDER    tells the age of keys more exactly: a file backend, or a folder of exported states
${OPTIONS_HELP}

Rules:
${tableLines(Object.entries(RULES).map(([id, { severity, about }]) => [`  ${id}`, severity, about])).join("\n")}

Exit code: 0 nothing found, 1 findings (notes do not count), 2 can't tell.`;

/** `audit check`. */
export const checkCommand = command({
  help: HELP,
  options: { ...OPTIONS, history: { type: "string" } },
  failed: 2,
  words: ["STATE..."],
  async run(values, ...sources) {
    const options = { ...(await auditOptions(values)), history: values.history };
    const report = await reading(() => auditCheck(sources, options));
    print(report, values);
    return report.findings.some(({ severity }) => severity !== "note") ? 1 : 0;
  },
});
