/** What this process has seen of the states that it works on: proof that a create replaces its own object. */
export class Evidence {
  readonly #marks = new Map<string, Set<string>>();

  /** A state of the resource with that owner claims the object with that mark. */
  saw(owner: string, mark: string): void {
    this.#marks.set(owner, (this.#marks.get(owner) ?? new Set()).add(mark));
  }

  has(owner: string | undefined, mark: string | undefined): boolean {
    return owner !== undefined && mark !== undefined && (this.#marks.get(owner)?.has(mark) ?? false);
  }
}
