import type { ApiClientWithSecrets } from '@rollcall/sdk';
import { CodeBlock } from '../../shared/ui/code-block';
import { ShownOnceDialog } from '../../shared/ui/shown-once-dialog';
import { curlForKey, curlForToken } from './curl-snippets';

interface FreshClientDialogProps {
  created: ApiClientWithSecrets;
  onClose: () => void;
}

/** The credentials of a client, shown this once, and how to use either. */
export function FreshClientDialog({ created, onClose }: FreshClientDialogProps) {
  const { api_client: client, client_secret: secret, api_key: key } = created;
  const { origin } = location;
  return (
    <ShownOnceDialog
      title="Its credentials"
      lead="Copy what you need now: nobody can show the secret or the key again."
      values={[
        { label: 'Client ID', value: client.client_id },
        { label: 'Client secret', value: secret, hint: 'For OAuth 2.0 client credentials.' },
        { label: 'API key', value: key, hint: 'Goes by itself, as a bearer token, where OAuth is not known.' },
      ]}
      onClose={onClose}
    >
      <CodeBlock label="Get an access token" code={curlForToken(origin, client.client_id, secret)} wraps />
      <CodeBlock label="Or call with the key" code={curlForKey(origin, key)} wraps />
    </ShownOnceDialog>
  );
}
