import { markParts, resourceOfOwner } from "../../contract/mark";

/** Who asks for something: the resource of a program, as its mark names it. */
export interface Asker {
  /** Name in the program. */
  readonly name: string;
  /** `project/stack`. */
  readonly stack: string;
}

/** @returns undefined where the mark is none of this package's, or too long to say */
export function askerOf(externalReference: string | undefined): Asker | undefined {
  const owner = markParts(externalReference)?.owner;
  return owner === undefined ? undefined : resourceOfOwner(owner);
}

/** Stack and resource of a mark, in one line. */
export function AskerText({ mark }: { mark: string | undefined }) {
  const asker = askerOf(mark);
  if (asker)
    return (
      <>
        {asker.stack} <span class="muted">›</span> {asker.name}
      </>
    );
  return mark === undefined ? <span class="muted">no mark</span> : <code>{mark}</code>;
}
