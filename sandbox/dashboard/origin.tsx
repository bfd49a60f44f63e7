import { markParts, resourceOfOwner } from "../../contract/mark";

/** Who made or took over a provider: the mark says it. */
export function Origin({ mark }: { mark: string | undefined }) {
  if (mark === undefined) return <>made by hand</>;
  const parts = markParts(mark);
  const resource = parts && resourceOfOwner(parts.owner);
  if (!resource) return <>made by Pulumi ({mark})</>;
  return (
    <>
      {parts.n === 0 ? "made" : "taken over"} by Pulumi: <strong>{resource.name}</strong> in {resource.stack}
    </>
  );
}
