import { msg } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import {
  Code,
  EndpointValue,
  Field,
  Fields,
  Path,
  Tab,
  TheApp,
  TheVendor,
  TokenValue,
  Ui,
  type ProviderGuide,
} from '../guide';

const SEND_ROLES = (
  <p>
    <Trans>
      A group can stand for a role of <TheApp />: ask <TheVendor /> which. To send the app roles of Entra, add a mapping
      of the type <Ui>Expression</Ui> with <Code>SingleAppRoleAssignment([appRoleAssignments])</Code> to{' '}
      <Code>roles[primary eq &quot;True&quot;].value</Code>.
    </Trans>
  </p>
);

export const ENTRA_GUIDE: ProviderGuide = {
  documentation: {
    title: msg`Microsoft’s own documentation: Use SCIM to provision users and groups`,
    url: 'https://learn.microsoft.com/en-us/entra/identity/app-provisioning/use-scim-to-provision-users-and-groups',
  },
  variants: [
    {
      id: 'entra',
      label: msg`Enterprise application`,
      intro: <Trans>You need the role Application Administrator, and a P1 licence or above to provision groups.</Trans>,
      steps: [
        {
          id: 'entra-app',
          title: msg`Create the enterprise application`,
          doneBy: 'first_request_time',
          body: () => (
            <>
              <p>
                <Trans>
                  In the Microsoft Entra admin center open{' '}
                  <Path steps={['Enterprise apps', 'New application', 'Create your own application']} />. Name it,
                  choose <Ui>Integrate any other application you don’t find in the gallery (Non-gallery)</Ui> and{' '}
                  <Ui>Create</Ui>.
                </Trans>
              </p>
              <p>
                <Trans>
                  If single sign-on already uses an enterprise application for this app, open that one instead.
                </Trans>
              </p>
            </>
          ),
        },
        {
          id: 'entra-connect',
          title: msg`Paste the tenant URL and the secret token`,
          doneBy: 'first_request_time',
          body: (values) => (
            <>
              <p>
                <Trans>
                  Open <Path steps={['Provisioning', 'New configuration']} /> (in the older layout: Provisioning Mode{' '}
                  <Ui>Automatic</Ui>, then <Ui>Admin Credentials</Ui>).
                </Trans>
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
          title: msg`Test connection`,
          doneBy: 'first_request_time',
          body: () => (
            <p>
              <Trans>
                Choose <Ui>Test connection</Ui>. When Entra confirms it, this page turns to Connected. Choose{' '}
                <Ui>Create</Ui> (older layout: <Ui>Save</Ui>).
              </Trans>
            </p>
          ),
        },
        {
          id: 'entra-mappings',
          title: msg`Check the attribute mappings`,
          body: () => (
            <>
              <p>
                <Trans>
                  Under <Ui>Attribute mapping</Ui> the mappings for users and for groups are on from the start, and the
                  defaults work. Two are worth a look:
                </Trans>
              </p>
              <ul>
                <li>
                  <Trans>
                    <Code>externalId</Code> comes from mailNickname. Map it to <Code>objectId</Code>, which never
                    changes.
                  </Trans>
                </li>
                <li>
                  <Trans>
                    <Code>emails[type eq &quot;work&quot;].value</Code> comes from mail. If some people have no mailbox,
                    map it to <Code>userPrincipalName</Code>.
                  </Trans>
                </li>
              </ul>
              <p>
                <Trans>
                  <Code>userName</Code> comes from userPrincipalName. It has to be the name that single sign-on sends
                  for the same person. Delete the mappings of what <TheApp /> should not get.
                </Trans>
              </p>
            </>
          ),
        },
        {
          id: 'entra-assign',
          title: msg`Assign a small test group first`,
          body: () => (
            <p>
              <Trans>
                Open <Path steps={['Users and groups', 'Add user/group']} /> and choose a group of two or three people.
                Under <Path steps={['Provisioning', 'Settings']} /> the scope should be{' '}
                <Ui>Sync only assigned users and groups</Ui>. Members of nested groups are not sent by Entra: assign
                those groups too.
              </Trans>
            </p>
          ),
        },
        {
          id: 'entra-start',
          title: msg`Start provisioning`,
          doneBy: 'first_user_time',
          body: () => (
            <p>
              <Trans>
                On the <Ui>Overview</Ui> of Provisioning choose <Ui>Start provisioning</Ui>. The first cycle begins
                within a few minutes. To see one person arrive at once, use <Ui>Provision on demand</Ui>.
              </Trans>
            </p>
          ),
        },
        {
          id: 'entra-roles',
          title: msg`Send roles`,
          doneBy: 'first_role_time',
          isForRoles: true,
          body: () => (
            <>
              {SEND_ROLES}
              <p>
                <Trans>
                  The app roles are those of the app registration, given to people or groups under{' '}
                  <Ui>Users and groups</Ui>. This ticks when a user with a role arrives. What a group stands for you set
                  on <Tab>Mapping</Tab> here; if groups alone decide, tick it yourself.
                </Trans>
              </p>
            </>
          ),
        },
        {
          id: 'entra-verify',
          title: msg`Compare, then assign everybody`,
          doneBy: 'first_group_time',
          body: () => (
            <p>
              <Trans>
                Look at <Tab>Users</Tab> and <Tab>Groups</Tab> here: the people of the test group, and the group with
                them in it. Then assign the others, and compare the numbers here with <Ui>Users</Ui> and <Ui>Groups</Ui>{' '}
                under <Path steps={['Provisioning', 'Overview']} />. What failed there is under{' '}
                <Ui>Provisioning logs</Ui>.
              </Trans>
            </p>
          ),
        },
        {
          id: 'entra-deactivate',
          title: msg`Take a test person out again`,
          doneBy: 'first_deactivation_time',
          body: () => (
            <p>
              <Trans>
                Remove one person from the test group. With the next cycle, or at once with <Ui>Provision on demand</Ui>
                , they are inactive here.
              </Trans>
            </p>
          ),
        },
      ],
    },
  ],
  notes: [
    {
      title: msg`How fast changes arrive`,
      body: (
        <p>
          <Trans>
            Entra sends changes about every 40 minutes. A quiet half hour is normal; after two hours without any request
            this page says Stalled.
          </Trans>
        </p>
      ),
    },
    {
      title: msg`Quarantine`,
      body: (
        <p>
          <Trans>
            When most requests fail, or the token is refused, Entra puts provisioning in quarantine and tries once a day
            only. Correct the cause, then choose <Ui>Restart provisioning</Ui>.
          </Trans>
        </p>
      ),
    },
    {
      title: msg`Standard SCIM`,
      body: (
        <p>
          <Trans>
            This directory understands Entra’s requests in both forms. Adding <Code>?aadOptscim062020</Code> to the
            tenant URL makes them follow the SCIM standard more closely; it is not needed.
          </Trans>
        </p>
      ),
    },
    { title: msg`Roles`, isForRoles: true, body: SEND_ROLES },
    {
      title: msg`When somebody leaves`,
      body: (
        <p>
          <Trans>
            Removing an assignment or deleting a person makes them inactive here. Entra deletes them for good 30 days
            after the deletion in the tenant.
          </Trans>
        </p>
      ),
    },
  ],
};
