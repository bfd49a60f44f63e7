import { WhatsAppProviderError } from "../model/errors";
import type { Context } from "../resources/context";

/** What both doors do alike. */

/** Several failures as one error, a line each, for calls that can give only one. */
export function combined(failures: readonly WhatsAppProviderError[]): WhatsAppProviderError {
  const [first, ...others] = failures as [WhatsAppProviderError];
  if (others.length === 0) return first;
  return Object.assign(new WhatsAppProviderError(first.code, first.what), {
    message: failures.map((failure) => failure.message).join("\n"),
  });
}

/** @throws WhatsAppProviderError the failures as one error, where there are any */
export function refuse(failures: readonly WhatsAppProviderError[]): void {
  if (failures.length > 0) throw combined(failures);
}

/**
 * The context of a process, made once. What is wrong with the configuration is told with the first resource that needs it:
 * next to the resource, and all at once.
 */
export class Setup {
  #context?: Context;
  #failures: readonly WhatsAppProviderError[] = [];

  /** @param unconfigured makes the context of a process that nobody configures */
  constructor(private readonly unconfigured: () => Context) {}

  /** @param failures what is known to be wrong already: then nothing is made */
  configure(make: () => Context, failures: readonly WhatsAppProviderError[] = []): void {
    this.#failures = failures;
    if (failures.length > 0) return;
    try {
      this.#context = make();
    } catch (error) {
      if (!WhatsAppProviderError.is(error)) throw error;
      this.#failures = [error];
    }
  }

  get failures(): readonly WhatsAppProviderError[] {
    return this.#failures;
  }

  /** @throws WhatsAppProviderError what is wrong with the configuration */
  get context(): Context {
    refuse(this.#failures);
    if (!this.#context) this.configure(this.unconfigured);
    refuse(this.#failures);
    return this.#context as Context;
  }
}
