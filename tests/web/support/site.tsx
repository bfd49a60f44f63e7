import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { assets } from "../../../web/assets";
import { CopyField, CopyValue } from "../../../web/copy";
import { requireFormToken } from "../../../web/form-token";
import {
  CheckField,
  ErrorSummary,
  PostForm,
  SelectField,
  Success,
  TextArea,
  TextField,
} from "../../../web/forms";
import { Layout } from "../../../web/layout";
import { type Changes, changes, eventStream } from "../../../web/live";
import { protectPages } from "../../../web/security";
import { DataTable } from "../../../web/table";

/** A small site that uses every building block once. */
export interface Site {
  readonly url: string;
  readonly changes: Changes;
  /** The words that the page shows. */
  words: string[];
  close(): Promise<void>;
}

const TOKEN = "token-of-this-site";

function Page({ words, version, fault }: { words: readonly string[]; version: string; fault?: string }) {
  const faults = fault === undefined ? [] : [{ field: "word", message: `Word ${fault}` }];
  return (
    <Layout
      title="Words"
      site="Test"
      home="/"
      navigation={[
        { href: "/", text: "Words" },
        { href: "/other", text: "Other" },
      ]}
      current="/"
      live={{ events: "/events", version }}
    >
      <ErrorSummary title="The word was not added" faults={faults} />
      <Success>Ready.</Success>
      <div data-live id="words">
        <DataTable
          caption="All words"
          head={["Word", "Letters"]}
          rows={words.map((word) => [word, word.length])}
          empty="No word yet."
          numbers={[1]}
        />
      </div>
      <p>
        <CopyValue id="address" property="address">
          https://example.com/address
        </CopyValue>
      </p>
      <CopyField name="fixed" label="Fixed" value="fixed value" />
      <PostForm action="/" token={TOKEN} label="New word">
        <TextField name="word" label="Word" hint="One word" error={fault} required />
        <TextArea name="note" label="Note" value="Two\nlines" />
        <SelectField
          name="kind"
          label="Kind"
          value="b"
          options={[
            ["a", "First"],
            ["b", "Second"],
          ]}
        />
        <CheckField name="loud" label="Loud" hint="In capitals" />
        <button type="submit" class="primary">
          Add
        </button>
      </PostForm>
    </Layout>
  );
}

export async function startSite(): Promise<Site> {
  const hub = changes();
  const app = new Hono();
  protectPages(app, (host) => host === new URL(site.url).host);
  app.use(requireFormToken(() => TOKEN));
  app.route("/", assets());
  app.get("/", (c) => c.html(<Page words={site.words} version={hub.version} />));
  app.post("/", async (c) => {
    const { word, loud } = await c.req.parseBody();
    if (typeof word !== "string" || word === "")
      return c.html(<Page words={site.words} version={hub.version} fault="must not be empty" />, 422);
    site.words.push(loud === "on" ? word.toUpperCase() : word);
    hub.notify();
    return c.redirect("/", 303);
  });
  app.get("/events", (c) => eventStream(c, hub));
  app.onError((error, c) => {
    if (!(error instanceof HTTPException)) throw error;
    return c.text(error.message, error.status);
  });
  const server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" });
  await new Promise((resolve) => server.once("listening", resolve));
  const site: Site = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    changes: hub,
    words: [],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if ("closeAllConnections" in server) server.closeAllConnections();
      }),
  };
  return site;
}
