import { Code, EndpointValue, Field, Fields, Path, TokenValue, Ui, type GuideStep, type ProviderGuide } from '../guide';

const TO_APP: GuideStep = {
  id: 'to-app',
  title: 'Allow Okta to create, update and deactivate users',
  body: () => (
    <>
      <p>
        Still on the <Ui>Provisioning</Ui> tab, choose <Ui>To App</Ui> on the left (reload the page if it is not there
        yet), then <Ui>Edit</Ui>. Tick <Ui>Enable</Ui> for:
      </p>
      <ul>
        <li>
          <Ui>Create Users</Ui>
        </li>
        <li>
          <Ui>Update User Attributes</Ui>
        </li>
        <li>
          <Ui>Deactivate Users</Ui>
        </li>
      </ul>
      <p>
        Leave <Ui>Sync Password</Ui> off: passwords are not needed here. <Ui>Save</Ui>.
      </p>
    </>
  ),
};

const ASSIGN: GuideStep = {
  id: 'assign',
  title: 'Assign people',
  body: () => (
    <>
      <p>
        On the <Ui>Assignments</Ui> tab choose <Ui>Assign</Ui>, then <Ui>Assign to People</Ui> or{' '}
        <Ui>Assign to Groups</Ui>. Each person who is assigned is created here within moments.
      </p>
      <p>
        People who were assigned before provisioning was switched on are not sent by themselves: select{' '}
        <Ui>Provision User</Ui> above the list.
      </p>
    </>
  ),
};

const PUSH_GROUPS: GuideStep = {
  id: 'push-groups',
  title: 'Push groups',
  body: () => (
    <>
      <p>
        Assigning a group sends its people, not the group. To send the group and its members, open <Ui>Push Groups</Ui>,
        choose <Path steps={['Push Groups', 'Find groups by name']} />, pick the group, leave{' '}
        <Ui>Push group memberships immediately</Ui> ticked and <Ui>Save</Ui>. It is done when the status reads{' '}
        <Ui>Active</Ui>.
      </p>
      <p>
        Only members who are also assigned to the app arrive. Okta recommends different groups for assigning and for
        pushing; with the same one, memberships can be missing.
      </p>
    </>
  ),
};

export const OKTA_GUIDE: ProviderGuide = {
  variants: [
    {
      id: 'catalog',
      label: 'App from the catalog',
      intro: 'The quickest way: an app in Okta for provisioning alone. Sign-on stays as it is.',
      steps: [
        {
          id: 'catalog-add',
          title: 'Add the SCIM app',
          body: () => (
            <>
              <p>
                In the Okta Admin Console open <Path steps={['Applications', 'Applications', 'Browse App Catalog']} />.
                Search for <Ui>SCIM 2.0 Test App (OAuth Bearer Token)</Ui>, open it and choose <Ui>Add Integration</Ui>.
                If the vendor has an app of its own in the catalog, take that one.
              </p>
              <p>
                Name it after the app and tick <Ui>Do not display application icon to users</Ui>. On the{' '}
                <Ui>Sign-On Options</Ui> page set <Ui>Application username format</Ui> to <Ui>Email</Ui>, then{' '}
                <Ui>Done</Ui>.
              </p>
            </>
          ),
        },
        {
          id: 'catalog-connect',
          title: 'Paste the endpoint URL and the token',
          body: (values) => (
            <>
              <p>
                On the <Ui>Provisioning</Ui> tab choose <Ui>Configure API Integration</Ui> and tick{' '}
                <Ui>Enable API Integration</Ui>.
              </p>
              <Fields>
                <Field name="SCIM 2.0 Base Url">
                  <EndpointValue values={values} />
                </Field>
                <Field name="OAuth Bearer Token">
                  <TokenValue values={values} />
                </Field>
                <Field name="Import Groups">Untick it: groups flow from Okta to the app</Field>
              </Fields>
              <p>
                If you chose the <Ui>Header Auth</Ui> variant of the app, its <Ui>API Token</Ui> field is sent as it is.
                There it needs:
              </p>
              <Fields>
                <Field name="API Token">
                  <TokenValue values={values} prefix="Bearer " />
                </Field>
              </Fields>
            </>
          ),
        },
        {
          id: 'catalog-test',
          title: 'Test API Credentials',
          body: () => (
            <p>
              Choose <Ui>Test API Credentials</Ui>. Okta answers “verified successfully”, and the connection card here
              turns to Connected. Then <Ui>Save</Ui>.
            </p>
          ),
        },
        TO_APP,
        ASSIGN,
        PUSH_GROUPS,
      ],
    },
    {
      id: 'aiw',
      label: 'Your own SAML or SWA app',
      intro: (
        <>
          When people already sign in through an app made with Okta’s App Integration Wizard. Okta offers SCIM for SAML
          and SWA apps, not for OIDC apps: for those, add an app from the catalog beside them.
        </>
      ),
      steps: [
        {
          id: 'aiw-scim',
          title: 'Switch on SCIM in the app',
          body: () => (
            <p>
              Open the app in <Path steps={['Applications', 'Applications']} />. On the <Ui>General</Ui> tab choose{' '}
              <Ui>Edit</Ui> beside <Ui>App Settings</Ui>, set <Ui>Provisioning</Ui> to <Ui>SCIM</Ui> and <Ui>Save</Ui>.
              A <Ui>Provisioning</Ui> tab appears.
            </p>
          ),
        },
        {
          id: 'aiw-connect',
          title: 'Fill in the SCIM connection',
          body: (values) => (
            <>
              <p>
                Open <Path steps={['Provisioning', 'Integration']} /> and choose <Ui>Edit</Ui>.
              </p>
              <Fields>
                <Field name="SCIM connector base URL">
                  <EndpointValue values={values} />
                </Field>
                <Field name="Unique identifier field for users">
                  <Code>userName</Code>
                </Field>
                <Field name="Supported provisioning actions">
                  Tick <Ui>Push New Users</Ui>, <Ui>Push Profile Updates</Ui> and <Ui>Push Groups</Ui>. Leave both
                  imports unticked
                </Field>
                <Field name="Authentication Mode">
                  <Ui>HTTP Header</Ui>
                </Field>
                <Field name="Authorization">
                  <TokenValue values={values} />
                  <span className="visually-hidden">. </span>
                  <span> Okta writes “Bearer” in front of it</span>
                </Field>
              </Fields>
            </>
          ),
        },
        {
          id: 'aiw-test',
          title: 'Test Connector Configuration',
          body: () => (
            <p>
              Choose <Ui>Test Connector Configuration</Ui>. Every action you ticked gets a green check mark, and the
              connection card here turns to Connected. Close the result and <Ui>Save</Ui>.
            </p>
          ),
        },
        TO_APP,
        ASSIGN,
        PUSH_GROUPS,
      ],
    },
  ],
  notes: [
    {
      title: 'User name',
      body: (
        <p>
          What <Ui>Application username format</Ui> on the <Ui>Sign On</Ui> tab yields is sent as <Code>userName</Code>.
          Email is the usual choice. The address itself comes from the <Code>email</Code> attribute.
        </p>
      ),
    },
    {
      title: 'More attributes',
      body: (
        <>
          <p>
            Given name, family name and email are sent from the start. For others open{' '}
            <Path steps={['Provisioning', 'To App', 'Go to Profile Editor']} />, add the attribute and map it. Its{' '}
            <Ui>External namespace</Ui> is
          </p>
          <ul>
            <li>
              <Code>urn:ietf:params:scim:schemas:core:2.0:User</Code> for title, nickName, userType, locale and the like
            </li>
            <li>
              <Code>urn:ietf:params:scim:schemas:extension:enterprise:2.0:User</Code> for employeeNumber, costCenter,
              organization, division, department and manager
            </li>
            <li>
              a namespace of your own, such as <Code>urn:ietf:params:scim:schemas:extension:acme:2.0:User</Code>, for
              everything else. It reaches the app as sent
            </li>
          </ul>
        </>
      ),
    },
    {
      title: 'When somebody leaves',
      body: (
        <p>
          Unassigning or deactivating a person in Okta makes them inactive here. Okta never deletes them; assigning them
          again reactivates the same user.
        </p>
      ),
    },
    {
      title: 'Group names',
      body: <p>Okta finds groups by name. Two pushed groups of one directory cannot have the same name.</p>,
    },
  ],
};
