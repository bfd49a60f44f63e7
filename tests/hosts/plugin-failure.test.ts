import { status } from "@grpc/grpc-js";
import { serviceError, Unfinished } from "../../provider/hosts/plugin/failure";
import { combined } from "../../provider/hosts/shared";
import { WhatsAppProviderError } from "../../provider/model/errors";

/** What goes over the wire to the engine, which prints it. */

let printed: string;
beforeEach(() => {
  printed = "";
  jest.spyOn(process.stderr, "write").mockImplementation((text) => {
    printed += text;
    return true;
  });
});
afterEach(() => {
  delete process.env.CLEVERTAP_DEBUG;
  jest.restoreAllMocks();
});

test.each([new TypeError("bad value canary-secret"), "canary-secret", { secret: "canary-secret" }])(
  "of an error that is none of ours only the kind is told: %p",
  (foreign) => {
    const { code, details } = serviceError(foreign);
    expect(code).toBe(status.INTERNAL);
    expect(details).toMatch(/^unexpected (TypeError|string|object)\. .* \[internal-error\]$/);
    expect(details + printed).not.toContain("canary");
  },
);

test("its stack is shown where CLEVERTAP_DEBUG asks for it, and not to the engine", () => {
  process.env.CLEVERTAP_DEBUG = "1";
  expect(serviceError(new TypeError("bad value canary-secret")).details).not.toContain("canary");
  expect(printed).toMatch(/TypeError: bad value canary-secret\n {4}at /);
});

test("ours keep their text, and the code says what the engine may take for known", () => {
  const error = new WhatsAppProviderError("provider-in-use", "a campaign uses it");
  expect(serviceError(error)).toEqual({ code: status.FAILED_PRECONDITION, details: error.message });
  const open = new WhatsAppProviderError("outcome-unknown", "no answer");
  expect(serviceError(open)).toEqual({ code: status.UNKNOWN, details: open.message });
  const unfinished = serviceError(new Unfinished("p1", {}, [], open));
  expect(unfinished).toMatchObject({ code: status.UNKNOWN, details: open.message });
  expect(unfinished.metadata?.get("grpc-status-details-bin")).toHaveLength(1);
});

test("several failures are one error, a line each", () => {
  const failures = ["apiKey", "sid"].map(
    (property) => new WhatsAppProviderError("invalid-input", "must not be empty", { property }),
  );
  const { code, details } = serviceError(combined(failures));
  expect(code).toBe(status.FAILED_PRECONDITION);
  expect(details?.split("\n")).toEqual(failures.map(({ message }) => message));
});
