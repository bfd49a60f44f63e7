/** The server of a measurement, in a process of its own: its work must not wait for, nor slow down, what is measured. */
import { createRequire } from "node:module";

const { startSandbox } = createRequire(import.meta.url)("../dist/sandbox/index.js");
// The 1-second rule of Save is not what is measured here, and a hundred at once may need longer on two cores.
const { url, endpoint, httpEndpoint, kaleyraHost, accounts, kaleyra } = await startSandbox({
  verificationLimitMs: 30_000,
});
process.send({ url, endpoint, httpEndpoint, kaleyraHost, accounts, kaleyra });
process.on("disconnect", () => process.exit());
