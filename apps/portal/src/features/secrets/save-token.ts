import { t } from '@lingui/core/macro';
import type { Directory } from '@rollcall/sdk';
import { saveFile } from '../../shared/api/save-file';
import { directoryTitle } from '../../shared/format/directory-status';
import { dropHidden } from '../../shared/format/mark-hidden';

/** Hands the two values of a directory to the browser as a text file. */
export function saveToken(directory: Directory, token: string): void {
  const name = dropHidden(directoryTitle(directory)).replace(/[^\p{L}\p{N}]+/gu, '-');
  saveFile(new Blob([writeToken(directory, token)], { type: 'text/plain' }), `scim-token-${name}.txt`);
}

/** What is in the file. */
function writeToken(directory: Directory, token: string): string {
  return [
    t`Directory: ${{ directory: dropHidden(directoryTitle(directory)) }}`,
    t`Endpoint URL: ${{ endpoint: directory.directory_endpoint }}`,
    t`Bearer token: ${{ value: token }}`,
    '',
    t`Whoever has this token can change the users of this directory. Delete this file once the token is pasted.`,
    '',
  ].join('\n');
}
