import { Code, Path, TheApp, TheVendor, Ui, type GuideNote, type GuideStep } from '../guide';

const USER_NAMESPACE = 'urn:ietf:params:scim:schemas:core:2.0:User';

const SEND_ROLES = (
  <>
    <p>
      To give people a role of <TheApp /> by an attribute, add one in the Profile Editor for each role:
    </p>
    <ul>
      <li>
        <Ui>External name</Ui>: <Code>roles.^[type==&apos;Administrator&apos;].value</Code>, with the name of the role
        in the quotes
      </li>
      <li>
        <Ui>External namespace</Ui>: <Code>{USER_NAMESPACE}</Code>
      </li>
    </ul>
    <p>
      Map it with an expression such as{' '}
      <Code>isMemberOfGroupName(&quot;App admins&quot;) ? &quot;admin&quot; : &quot;&quot;</Code>. A pushed group can
      stand for a role as well: then no attribute is needed. Ask <TheVendor /> which roles there are.
    </p>
  </>
);

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

const MAPPING: GuideStep = {
  id: 'mapping',
  title: 'Check the attribute mapping',
  body: () => (
    <>
      <p>
        Below on the same page is the list of attributes that Okta sends. User name, given name, family name and email
        are enough. Remove the mapping of what <TheApp /> should not get, with the <Ui>×</Ui> of its row.
      </p>
      <p>
        To send more, choose <Ui>Go to Profile Editor</Ui>, then <Ui>Mappings</Ui>, then the tab <Ui>Okta User to</Ui>{' '}
        your app. Map the attribute, set the arrow to <Ui>Apply mapping on user create and update</Ui>, and{' '}
        <Ui>Save Mappings</Ui>. For an attribute that is not in the list see “More attributes” below.
      </p>
    </>
  ),
};

const ASSIGN: GuideStep = {
  id: 'assign',
  title: 'Assign a small test group first',
  doneBy: 'first_user_time',
  body: () => (
    <>
      <p>
        On the <Ui>Assignments</Ui> tab choose <Ui>Assign</Ui>, then <Ui>Assign to Groups</Ui>, and take a group of two
        or three people. Each of them is created here within moments.
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
  doneBy: 'first_group_time',
  body: () => (
    <>
      <p>
        Assigning a group sends its people, not the group. To send the group and its members, open <Ui>Push Groups</Ui>,
        choose <Path steps={['Push Groups', 'Find groups by name']} />, pick the group, leave{' '}
        <Ui>Push group memberships immediately</Ui> ticked and <Ui>Save</Ui>. It is done when the status reads{' '}
        <Ui>Active</Ui>.
      </p>
      <p>
        Push another group than the one that you assigned: Okta doesn’t support using the same group for both, and its
        memberships go missing. Only members who are also assigned to the app arrive.
      </p>
    </>
  ),
};

const ROLES: GuideStep = {
  id: 'roles',
  title: 'Send roles',
  doneBy: 'first_role_time',
  isForRoles: true,
  body: () => (
    <>
      {SEND_ROLES}
      <p>
        This ticks when a user with a role arrives. What a pushed group stands for you set on <Ui>Mapping</Ui> here; if
        groups alone decide, tick it yourself.
      </p>
    </>
  ),
};

const VERIFY: GuideStep = {
  id: 'verify',
  title: 'Compare, then assign everybody',
  body: () => (
    <p>
      Look at <Ui>Users</Ui> and <Ui>Groups</Ui> here: the people of the test group, with the right names and addresses,
      in the groups that you pushed. Then assign the others in Okta, and compare the number of active users here with
      the number of people on Okta’s <Ui>Assignments</Ui> tab. What failed there is under{' '}
      <Path steps={['Dashboard', 'Tasks']} />.
    </p>
  ),
};

const DEACTIVATE: GuideStep = {
  id: 'deactivate',
  title: 'Take a test person out again',
  doneBy: 'first_deactivation_time',
  body: () => (
    <p>
      Unassign one person of the test group in Okta. Within moments they are inactive here, and <TheApp /> takes their
      access away. Assign them again, and the same user is active as before.
    </p>
  ),
};

/** What follows once Okta reaches the directory, whichever app it is. */
export const OKTA_STEPS: readonly GuideStep[] = [TO_APP, MAPPING, ASSIGN, PUSH_GROUPS, ROLES, VERIFY, DEACTIVATE];

export const OKTA_NOTES: readonly GuideNote[] = [
  {
    title: 'What you need in Okta',
    body: (
      <p>
        The role Super Administrator or Application Administrator, and Lifecycle Management in your plan: without it the{' '}
        <Ui>Provisioning</Ui> tab is not there.
      </p>
    ),
  },
  {
    title: 'User name',
    body: (
      <p>
        What <Ui>Application username format</Ui> on the <Ui>Sign On</Ui> tab yields is sent as <Code>userName</Code>.
        It has to be the name that single sign-on sends for the same person, or <TheApp /> takes them for two. Email is
        the usual choice. The address itself comes from the <Code>email</Code> attribute.
      </p>
    ),
  },
  {
    title: 'More attributes',
    body: (
      <>
        <p>
          In <Path steps={['Provisioning', 'To App', 'Go to Profile Editor']} /> choose <Ui>Add Attribute</Ui>. Its{' '}
          <Ui>External name</Ui> is the SCIM name, such as <Code>title</Code> or{' '}
          <Code>phoneNumbers.^[type==&apos;mobile&apos;].value</Code>; its <Ui>External namespace</Ui> is
        </p>
        <ul>
          <li>
            <Code>{USER_NAMESPACE}</Code> for title, nickName, userType, locale and the like
          </li>
          <li>
            <Code>urn:ietf:params:scim:schemas:extension:enterprise:2.0:User</Code> for employeeNumber, costCenter,
            organization, division, department and manager
          </li>
          <li>
            a namespace of your own, such as <Code>urn:ietf:params:scim:schemas:extension:acme:2.0:User</Code>, for
            everything else. It reaches <TheApp /> as sent
          </li>
        </ul>
        <p>Then map it, as the step “Check the attribute mapping” says.</p>
      </>
    ),
  },
  { title: 'Roles', isForRoles: true, body: SEND_ROLES },
  {
    title: 'Import, and people who are here already',
    body: (
      <p>
        Leave the imports of <Path steps={['Provisioning', 'To Okta']} /> off: this directory holds only what an
        identity provider has sent. When you move to another app in Okta, choose <Ui>Import Now</Ui> on its{' '}
        <Ui>Import</Ui> tab and confirm the matches: people who are here already are then linked and not created anew.
      </p>
    ),
  },
  {
    title: 'Send everybody again',
    body: (
      <p>
        After a change of mappings choose <Ui>Force Sync</Ui> below the mappings on{' '}
        <Path steps={['Provisioning', 'To App']} />: every assigned person is sent as they are now. For a group choose{' '}
        <Ui>Push now</Ui> in its menu on <Ui>Push Groups</Ui>.
      </p>
    ),
  },
  {
    title: 'When somebody leaves',
    body: (
      <p>
        Unassigning or deactivating a person in Okta makes them inactive here. Suspending them does not: Okta sends
        nothing, and they keep their access to <TheApp />. Okta never deletes them; assigning them again reactivates the
        same user.
      </p>
    ),
  },
  {
    title: 'Group names',
    body: <p>Okta finds groups by name. Two pushed groups of one directory cannot have the same name.</p>,
  },
];
