import type { PropsWithChildren } from "hono/jsx";

/** Copies the value or the text of the element with the id. Hidden where scripts are off. */
export function CopyButton({ of, describedBy }: { of: string; describedBy?: string }) {
  return (
    <button type="button" class="small" data-copy={of} aria-describedby={describedBy}>
      Copy
    </button>
  );
}

/**
 * A value to read and to copy.
 *
 * @param property name of the property, for programs that read the page: `data-value-of`
 */
export function CopyValue({ id, property, children }: PropsWithChildren<{ id: string; property?: string }>) {
  return (
    <span class="copy">
      <code id={id} data-value-of={property}>
        {children}
      </code>
      <CopyButton of={id} describedBy={id} />
    </span>
  );
}

/** A field that can be read and copied but not changed. */
export function CopyField({ name, label, value }: { name: string; label: string; value: string }) {
  return (
    <div class="field">
      <label for={name} id={`${name}-label`}>
        {label}
      </label>
      <span class="copy">
        <input id={name} name={name} value={value} readonly />
        <CopyButton of={name} describedBy={`${name}-label`} />
      </span>
    </div>
  );
}
