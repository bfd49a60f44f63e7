import { raw } from "hono/html";
import type { Child, PropsWithChildren } from "hono/jsx";
import { ICON, SCRIPT, STYLE } from "./assets";

export interface NavigationItem {
  readonly href: string;
  readonly text: string;
}

/** Where a page hears that something has changed; its parts with `data-live` are then replaced. */
export interface Live {
  /** Address of the `eventStream`. */
  readonly events: string;
  /** `Changes.version` at the time at which the page was made. */
  readonly version: string;
}

export interface LayoutProps {
  /** Of this page; the site's name follows it in the browser's title. */
  readonly title: string;
  /** Name of the site, the link at the top. */
  readonly site: string;
  readonly home: string;
  readonly navigation: readonly NavigationItem[];
  /** `href` of the navigation's item that this page belongs to. */
  readonly current?: string;
  /** What leads to the page, above its title, such as Settings, Channels. */
  readonly trail?: readonly string[];
  /** At the end of the bar at the top, such as a log-out button. */
  readonly aside?: Child;
  readonly live?: Live;
}

/**
 * A whole page: skip link, navigation, and the children as its main part, below the title as the only `h1`.
 *
 * @example c.html(<Layout title="Tasks" site="Gateway" home="/tasks" navigation={[]}><p>None.</p></Layout>)
 */
export function Layout(props: PropsWithChildren<LayoutProps>) {
  const { title, site, home, navigation, current, trail, aside, live, children } = props;
  return (
    <>
      {raw("<!doctype html>")}
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <title>
            {title} · {site}
          </title>
          <link rel="icon" href={ICON} type="image/svg+xml" />
          <link rel="stylesheet" href={STYLE} />
          <script src={SCRIPT} defer />
        </head>
        <body data-events={live?.events} data-version={live?.version}>
          <a class="skip" href="#main">
            Skip to the content
          </a>
          <header class="bar">
            <a class="site" href={home}>
              {site}
            </a>
            {navigation.length > 0 && (
              <nav aria-label="Main">
                <ul>
                  {navigation.map(({ href, text }) => (
                    <li>
                      <a href={href} aria-current={href === current ? "page" : undefined}>
                        {text}
                      </a>
                    </li>
                  ))}
                </ul>
              </nav>
            )}
            {aside && <div class="aside">{aside}</div>}
          </header>
          <main id="main" tabindex={-1}>
            {trail && <p class="trail">{trail.join(" › ")}</p>}
            <h1>{title}</h1>
            {children}
          </main>
          <p id="announcement" role="status" class="visually-hidden" />
        </body>
      </html>
    </>
  );
}
