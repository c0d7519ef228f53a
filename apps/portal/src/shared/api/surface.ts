import { t } from '@lingui/core/macro';
import { embeddedHeader } from '../embedding/parent-page';
import { organizationHeader } from './page-organization';

/** An error in the reader's words: what went wrong, and what to do now. */
export interface ErrorDescription {
  title: string;
  advice: string;
}

/** One of the applications that are made of these pages: where its calls go, and what it says in its own words. */
export interface Surface {
  /** Ends the title of the browser's tab. */
  title: string;
  /** The address at which a path such as `/directories` is asked for. */
  urlOf: (path: string) => string;
  /** The address below which the pages of a directory are. */
  addressOf: (directoryId: string) => string;
  /** Whether it is in English whoever reads it, as the server's sentences are. */
  isEnglish: boolean;
  /** Whether the users of a list can be had as a file. */
  exportsUsers: boolean;
  /** What every call says besides. */
  headers: () => Record<string, string>;
  /** Whom its reader asks for what only somebody else can do, where that is not the vendor of the app. */
  vendor?: string;
  /** How errors are told, by code, where it says otherwise than the portal. */
  errors: Readonly<Record<string, ErrorDescription>>;
}

/** The admin portal: one organization, by the session's cookie. */
const PORTAL: Surface = {
  get title() {
    return t`Admin portal`;
  },
  urlOf: (path) => `/portal/api${path}`,
  addressOf: (directoryId) => `/portal/directories/${directoryId}`,
  isEnglish: false,
  exportsUsers: true,
  headers: () => ({ ...organizationHeader(), ...embeddedHeader() }),
  errors: {},
};

let current = PORTAL;

/** Says which application this page is, before anything of it is drawn. */
export function enterSurface(surface: Surface): void {
  current = surface;
}

/** The application that this page is: the portal, unless another one was entered. */
export function readSurface(): Surface {
  return current;
}
