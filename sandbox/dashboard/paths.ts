/** Addresses of the pages. */

export const DASHBOARD = "/dashboard";
/** The address of a task in the API's answers begins so. */
export const TASKS = "/tasks";
export const EVENTS = `${DASHBOARD}/events`;

/** The parts of the dashboard, in the order of its navigation. */
export const SECTIONS = [
  { name: "whatsapp", text: "WhatsApp" },
  { name: "campaigns", text: "Campaigns" },
  { name: "kaleyra", text: "Kaleyra" },
  { name: "requests", text: "Requests" },
] as const;

export type Section = (typeof SECTIONS)[number]["name"];

/** A section of an account, or a page in it. */
export function sectionPath(account: string, section: Section, ...more: string[]): string {
  return [DASHBOARD, ...[account, section, ...more].map(encodeURIComponent)].join("/");
}

/** For the router: the same with a parameter for the account. */
export function sectionRoute(section: Section, more = ""): string {
  return `${DASHBOARD}/:account/${section}${more}`;
}
