import {
  Code,
  EndpointValue,
  Field,
  Fields,
  Path,
  TheApp,
  TheVendor,
  TokenValue,
  Ui,
  type ProviderGuide,
} from '../guide';

const SEND_ROLES = (
  <p>
    A group can stand for a role of <TheApp />: ask <TheVendor /> which. To send the app roles of Entra, add a mapping
    of the type <Ui>Expression</Ui> with <Code>SingleAppRoleAssignment([appRoleAssignments])</Code> to{' '}
    <Code>roles[primary eq &quot;True&quot;].value</Code>.
  </p>
);

export const ENTRA_GUIDE: ProviderGuide = {
  documentation: {
    title: 'Microsoft’s own documentation: Use SCIM to provision users and groups',
    url: 'https://learn.microsoft.com/en-us/entra/identity/app-provisioning/use-scim-to-provision-users-and-groups',
  },
  variants: [
    {
      id: 'entra',
      label: 'Enterprise application',
      intro: 'You need the role Application Administrator, and a P1 licence or above to provision groups.',
      steps: [
        {
          id: 'entra-app',
          title: 'Create the enterprise application',
          doneBy: 'first_request_time',
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
          doneBy: 'first_request_time',
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
          doneBy: 'first_request_time',
          body: () => (
            <p>
              Choose <Ui>Test connection</Ui>. When Entra confirms it, this page turns to Connected. Choose{' '}
              <Ui>Create</Ui> (older layout: <Ui>Save</Ui>).
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
              <p>
                <Code>userName</Code> comes from userPrincipalName. It has to be the name that single sign-on sends for
                the same person. Delete the mappings of what <TheApp /> should not get.
              </p>
            </>
          ),
        },
        {
          id: 'entra-assign',
          title: 'Assign a small test group first',
          body: () => (
            <p>
              Open <Path steps={['Users and groups', 'Add user/group']} /> and choose a group of two or three people.
              Under <Path steps={['Provisioning', 'Settings']} /> the scope should be{' '}
              <Ui>Sync only assigned users and groups</Ui>. Members of nested groups are not sent by Entra: assign those
              groups too.
            </p>
          ),
        },
        {
          id: 'entra-start',
          title: 'Start provisioning',
          doneBy: 'first_user_time',
          body: () => (
            <p>
              On the <Ui>Overview</Ui> of Provisioning choose <Ui>Start provisioning</Ui>. The first cycle begins within
              a few minutes. To see one person arrive at once, use <Ui>Provision on demand</Ui>.
            </p>
          ),
        },
        {
          id: 'entra-roles',
          title: 'Send roles',
          doneBy: 'first_role_time',
          isForRoles: true,
          body: () => (
            <>
              {SEND_ROLES}
              <p>
                The app roles are those of the app registration, given to people or groups under{' '}
                <Ui>Users and groups</Ui>. This ticks when a user with a role arrives. What a group stands for you set
                on <Ui>Mapping</Ui> here; if groups alone decide, tick it yourself.
              </p>
            </>
          ),
        },
        {
          id: 'entra-verify',
          title: 'Compare, then assign everybody',
          doneBy: 'first_group_time',
          body: () => (
            <p>
              Look at <Ui>Users</Ui> and <Ui>Groups</Ui> here: the people of the test group, and the group with them in
              it. Then assign the others, and compare the numbers here with <Ui>Users</Ui> and <Ui>Groups</Ui> under{' '}
              <Path steps={['Provisioning', 'Overview']} />. What failed there is under <Ui>Provisioning logs</Ui>.
            </p>
          ),
        },
        {
          id: 'entra-deactivate',
          title: 'Take a test person out again',
          doneBy: 'first_deactivation_time',
          body: () => (
            <p>
              Remove one person from the test group. With the next cycle, or at once with <Ui>Provision on demand</Ui>,
              they are inactive here.
            </p>
          ),
        },
      ],
    },
  ],
  notes: [
    {
      title: 'How fast changes arrive',
      body: (
        <p>
          Entra sends changes about every 40 minutes. A quiet half hour is normal; after two hours without any request
          this page says Stalled.
        </p>
      ),
    },
    {
      title: 'Quarantine',
      body: (
        <p>
          When most requests fail, or the token is refused, Entra puts provisioning in quarantine and tries once a day
          only. Correct the cause, then choose <Ui>Restart provisioning</Ui>.
        </p>
      ),
    },
    {
      title: 'Standard SCIM',
      body: (
        <p>
          This directory understands Entra’s requests in both forms. Adding <Code>?aadOptscim062020</Code> to the tenant
          URL makes them follow the SCIM standard more closely; it is not needed.
        </p>
      ),
    },
    { title: 'Roles', isForRoles: true, body: SEND_ROLES },
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
