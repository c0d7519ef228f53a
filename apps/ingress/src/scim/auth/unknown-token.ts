import { ScimError } from '@rollcall/scim';

/** 401 for a token that is none of the directory that the request is for. */
export class UnknownToken extends ScimError {
  /** @param directoryId its bare id, or what the request has in its place when there is no such directory */
  constructor(readonly directoryId: string) {
    super(
      401,
      undefined,
      'The token is not one of this directory. Copy the base URL and the token from the setup page again.',
    );
  }
}
