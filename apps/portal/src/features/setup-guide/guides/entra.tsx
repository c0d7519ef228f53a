import { Code, EndpointValue, Field, Fields, Path, TokenValue, Ui, type ProviderGuide } from '../guide';

export const ENTRA_GUIDE: ProviderGuide = {
  variants: [
    {
      id: 'entra',
      label: 'Enterprise application',
      intro: 'You need the role Application Administrator, and a P1 licence or above to provision groups.',
      steps: [
        {
          id: 'entra-app',
          title: 'Create the enterprise application',
          body: () => (
            <>
              <p>
                In the Microsoft Entra admin center open{' '}
                <Path steps={['Enterprise apps', 'New application', 'Create your own application']} />. Name it, choose{' '}
                <Ui>Integrate any other application you don’t find in the gallery (Non-gallery)</Ui> and <Ui>Create</Ui>
                .
              </p>
              <p>If single sign-on already uses an enterprise application for this app, open that one instead.</p>
            </>
          ),
        },
        {
          id: 'entra-connect',
          title: 'Paste the tenant URL and the secret token',
          body: (values) => (
            <>
              <p>
                Open <Path steps={['Provisioning', 'New configuration']} /> (in the older layout: Provisioning Mode{' '}
                <Ui>Automatic</Ui>, then <Ui>Admin Credentials</Ui>).
              </p>
              <Fields>
                <Field name="Authentication method">
                  <Ui>Bearer authentication</Ui>
                </Field>
                <Field name="Tenant URL">
                  <EndpointValue values={values} />
                </Field>
                <Field name="Secret token">
                  <TokenValue values={values} />
                </Field>
              </Fields>
            </>
          ),
        },
        {
          id: 'entra-test',
          title: 'Test connection',
          body: () => (
            <p>
              Choose <Ui>Test connection</Ui>. When Entra confirms it, the connection card here turns to Connected.
              Choose <Ui>Create</Ui> (older layout: <Ui>Save</Ui>).
            </p>
          ),
        },
        {
          id: 'entra-mappings',
          title: 'Check the attribute mappings',
          body: () => (
            <>
              <p>
                Under <Ui>Attribute mapping</Ui> the mappings for users and for groups are on from the start, and the
                defaults work. Two are worth a look:
              </p>
              <ul>
                <li>
                  <Code>externalId</Code> comes from mailNickname. Map it to <Code>objectId</Code>, which never changes.
                </li>
                <li>
                  <Code>emails[type eq &quot;work&quot;].value</Code> comes from mail. If some people have no mailbox,
                  map it to <Code>userPrincipalName</Code>.
                </li>
              </ul>
            </>
          ),
        },
        {
          id: 'entra-assign',
          title: 'Assign users and groups',
          body: () => (
            <p>
              Open <Path steps={['Users and groups', 'Add user/group']} /> and choose who belongs to the app. Under{' '}
              <Path steps={['Provisioning', 'Settings']} /> the scope should be{' '}
              <Ui>Sync only assigned users and groups</Ui>. Members of nested groups are not sent by Entra: assign those
              groups too.
            </p>
          ),
        },
        {
          id: 'entra-start',
          title: 'Start provisioning',
          body: () => (
            <p>
              On the <Ui>Overview</Ui> of Provisioning choose <Ui>Start provisioning</Ui>. The first cycle begins within
              a few minutes. To see one person arrive at once, use <Ui>Provision on demand</Ui>.
            </p>
          ),
        },
      ],
    },
  ],
  notes: [
    {
      title: 'How fast changes arrive',
      body: <p>Entra sends changes about every 40 minutes. A quiet half hour is normal.</p>,
    },
    {
      title: 'When somebody leaves',
      body: (
        <p>
          Removing an assignment or deleting a person makes them inactive here. Entra deletes them for good 30 days
          after the deletion in the tenant.
        </p>
      ),
    },
  ],
};
