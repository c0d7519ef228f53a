import { useState } from 'react';
import { EMAIL_LENGTH_MAX } from '@rollcall/contract';
import { useLocation } from 'react-router';
import { useOneShot } from '../../shared/hooks/use-one-shot';
import { TextField } from '../../shared/ui/field';
import { Notice } from '../../shared/ui/notice';
import { FrontForm } from './front-form';
import { FrontPage } from './front-page';
import { PasswordField } from '../../shared/ui/password-field';
import { setUp } from './sign-in-api';

/** Where the first start's single-use address leads: whoever has it becomes the first owner. */
export function SetupPage() {
  const token = useLocation().hash.replace(/^#/, '').trim();
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const create = useOneShot({
    mutationFn: () => setUp({ token, name: name.trim(), email: email.trim(), password }),
    onSuccess: () => location.replace('/dashboard'),
  });
  if (token === '') {
    return (
      <FrontPage title="This address is incomplete">
        <Notice tone="waiting" title="The part after the # is missing">
          Copy the whole <code>dashboard_setup_url</code> from the file <code>bootstrap.json</code> in the server’s data
          folder, or from what the first start printed.
        </Notice>
      </FrontPage>
    );
  }
  return (
    <FrontPage title="Set up Rollcall" lead="You become the first owner. You can invite others afterwards.">
      <FrontForm
        submitLabel="Create account"
        busy={create.isPending}
        error={create.error}
        onSubmit={() => create.mutate()}
      >
        <TextField label="Name" required value={name} maxLength={200} autoComplete="name" onChange={setName} />
        <TextField
          label="Email"
          type="email"
          required
          value={email}
          maxLength={EMAIL_LENGTH_MAX}
          autoComplete="username"
          onChange={setEmail}
        />
        <PasswordField isNew value={password} onChange={setPassword} />
      </FrontForm>
    </FrontPage>
  );
}
