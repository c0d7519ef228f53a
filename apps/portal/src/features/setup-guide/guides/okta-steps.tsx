import { msg } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Code, Path, Tab, TheApp, TheVendor, Ui, type GuideNote, type GuideStep } from '../guide';

const PHONE = "phoneNumbers.^[type=='mobile'].value";
const ROLE = "roles.^[type=='Administrator'].value";
const ROLE_EXPRESSION = 'isMemberOfGroupName("App admins") ? "admin" : ""';
const USER_NAMESPACE = 'urn:ietf:params:scim:schemas:core:2.0:User';
const ENTERPRISE_NAMESPACE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const OWN_NAMESPACE = 'urn:ietf:params:scim:schemas:extension:acme:2.0:User';

const SEND_ROLES = (
  <>
    <p>
      <Trans>
        To give people a role of <TheApp /> by an attribute, add one in the Profile Editor for each role:
      </Trans>
    </p>
    <ul>
      <li>
        <Trans>
          <Ui>External name</Ui>: <Code>{ROLE}</Code>, with the name of the role in the quotes
        </Trans>
      </li>
      <li>
        <Trans>
          <Ui>External namespace</Ui>: <Code>{USER_NAMESPACE}</Code>
        </Trans>
      </li>
    </ul>
    <p>
      <Trans>
        Map it with an expression such as <Code>{ROLE_EXPRESSION}</Code>. A pushed group can stand for a role as well:
        then no attribute is needed. Ask <TheVendor /> which roles there are.
      </Trans>
    </p>
  </>
);

const TO_APP: GuideStep = {
  id: 'to-app',
  title: msg`Allow Okta to create, update and deactivate users`,
  body: () => (
    <>
      <p>
        <Trans>
          Still on the <Ui>Provisioning</Ui> tab, choose <Ui>To App</Ui> on the left (reload the page if it is not there
          yet), then <Ui>Edit</Ui>. Tick <Ui>Enable</Ui> for:
        </Trans>
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
        <Trans>
          Leave <Ui>Sync Password</Ui> off: passwords are not needed here. <Ui>Save</Ui>.
        </Trans>
      </p>
    </>
  ),
};

const MAPPING: GuideStep = {
  id: 'mapping',
  title: msg`Check the attribute mapping`,
  body: () => (
    <>
      <p>
        <Trans>
          Below on the same page is the list of attributes that Okta sends. User name, given name, family name and email
          are enough. Remove the mapping of what <TheApp /> should not get, with the <Ui>×</Ui> of its row.
        </Trans>
      </p>
      <p>
        <Trans>
          To send more, choose <Ui>Go to Profile Editor</Ui>, then <Ui>Mappings</Ui>, then the tab <Ui>Okta User to</Ui>{' '}
          your app. Map the attribute, set the arrow to <Ui>Apply mapping on user create and update</Ui>, and{' '}
          <Ui>Save Mappings</Ui>. For an attribute that is not in the list see “More attributes” below.
        </Trans>
      </p>
    </>
  ),
};

const ASSIGN: GuideStep = {
  id: 'assign',
  title: msg`Assign a small test group first`,
  doneBy: 'first_user_time',
  body: () => (
    <>
      <p>
        <Trans>
          On the <Ui>Assignments</Ui> tab choose <Ui>Assign</Ui>, then <Ui>Assign to Groups</Ui>, and take a group of
          two or three people. Each of them is created here within moments.
        </Trans>
      </p>
      <p>
        <Trans>
          People who were assigned before provisioning was switched on are not sent by themselves: select{' '}
          <Ui>Provision User</Ui> above the list.
        </Trans>
      </p>
    </>
  ),
};

const PUSH_GROUPS: GuideStep = {
  id: 'push-groups',
  title: msg`Push groups`,
  doneBy: 'first_group_time',
  body: () => (
    <>
      <p>
        <Trans>
          Assigning a group sends its people, not the group. To send the group and its members, open{' '}
          <Ui>Push Groups</Ui>, choose <Path steps={['Push Groups', 'Find groups by name']} />, pick the group, leave{' '}
          <Ui>Push group memberships immediately</Ui> ticked and <Ui>Save</Ui>. It is done when the status reads{' '}
          <Ui>Active</Ui>.
        </Trans>
      </p>
      <p>
        <Trans>
          Push another group than the one that you assigned: Okta doesn’t support using the same group for both, and its
          memberships go missing. Only members who are also assigned to the app arrive.
        </Trans>
      </p>
    </>
  ),
};

const ROLES: GuideStep = {
  id: 'roles',
  title: msg`Send roles`,
  doneBy: 'first_role_time',
  isForRoles: true,
  body: () => (
    <>
      {SEND_ROLES}
      <p>
        <Trans>
          This ticks when a user with a role arrives. What a pushed group stands for you set on <Tab>Mapping</Tab> here;
          if groups alone decide, tick it yourself.
        </Trans>
      </p>
    </>
  ),
};

const VERIFY: GuideStep = {
  id: 'verify',
  title: msg`Compare, then assign everybody`,
  body: () => (
    <p>
      <Trans>
        Look at <Tab>Users</Tab> and <Tab>Groups</Tab> here: the people of the test group, with the right names and
        addresses, in the groups that you pushed. Then assign the others in Okta, and compare the number of active users
        here with the number of people on Okta’s <Ui>Assignments</Ui> tab. What failed there is under{' '}
        <Path steps={['Dashboard', 'Tasks']} />.
      </Trans>
    </p>
  ),
};

const DEACTIVATE: GuideStep = {
  id: 'deactivate',
  title: msg`Take a test person out again`,
  doneBy: 'first_deactivation_time',
  body: () => (
    <p>
      <Trans>
        Unassign one person of the test group in Okta. Within moments they are inactive here, and <TheApp /> takes their
        access away. Assign them again, and the same user is active as before.
      </Trans>
    </p>
  ),
};

/** What follows once Okta reaches the directory, whichever app it is. */
export const OKTA_STEPS: readonly GuideStep[] = [TO_APP, MAPPING, ASSIGN, PUSH_GROUPS, ROLES, VERIFY, DEACTIVATE];

export const OKTA_NOTES: readonly GuideNote[] = [
  {
    title: msg`What you need in Okta`,
    body: (
      <p>
        <Trans>
          The role Super Administrator or Application Administrator, and Lifecycle Management in your plan: without it
          the <Ui>Provisioning</Ui> tab is not there.
        </Trans>
      </p>
    ),
  },
  {
    title: msg`User name`,
    body: (
      <p>
        <Trans>
          What <Ui>Application username format</Ui> on the <Ui>Sign On</Ui> tab yields is sent as <Code>userName</Code>.
          It has to be the name that single sign-on sends for the same person, or <TheApp /> takes them for two. Email
          is the usual choice. The address itself comes from the <Code>email</Code> attribute.
        </Trans>
      </p>
    ),
  },
  {
    title: msg`More attributes`,
    body: (
      <>
        <p>
          <Trans>
            In <Path steps={['Provisioning', 'To App', 'Go to Profile Editor']} /> choose <Ui>Add Attribute</Ui>. Its{' '}
            <Ui>External name</Ui> is the SCIM name, such as <Code>title</Code> or <Code>{PHONE}</Code>; its{' '}
            <Ui>External namespace</Ui> is
          </Trans>
        </p>
        <ul>
          <li>
            <Trans>
              <Code>{USER_NAMESPACE}</Code> for title, nickName, userType, locale and the like
            </Trans>
          </li>
          <li>
            <Trans>
              <Code>{ENTERPRISE_NAMESPACE}</Code> for employeeNumber, costCenter, organization, division, department and
              manager
            </Trans>
          </li>
          <li>
            <Trans>
              a namespace of your own, such as <Code>{OWN_NAMESPACE}</Code>, for everything else. It reaches <TheApp />{' '}
              as sent
            </Trans>
          </li>
        </ul>
        <p>
          <Trans>Then map it, as the step “Check the attribute mapping” says.</Trans>
        </p>
      </>
    ),
  },
  { title: msg`Roles`, isForRoles: true, body: SEND_ROLES },
  {
    title: msg`Import, and people who are here already`,
    body: (
      <p>
        <Trans>
          Leave the imports of <Path steps={['Provisioning', 'To Okta']} /> off: this directory holds only what an
          identity provider has sent. When you move to another app in Okta, choose <Ui>Import Now</Ui> on its{' '}
          <Ui>Import</Ui> tab and confirm the matches: people who are here already are then linked and not created anew.
        </Trans>
      </p>
    ),
  },
  {
    title: msg`Send everybody again`,
    body: (
      <p>
        <Trans>
          After a change of mappings choose <Ui>Force Sync</Ui> below the mappings on{' '}
          <Path steps={['Provisioning', 'To App']} />: every assigned person is sent as they are now. For a group choose{' '}
          <Ui>Push now</Ui> in its menu on <Ui>Push Groups</Ui>.
        </Trans>
      </p>
    ),
  },
  {
    title: msg`When somebody leaves`,
    body: (
      <p>
        <Trans>
          Unassigning or deactivating a person in Okta makes them inactive here. Suspending them does not: Okta sends
          nothing, and they keep their access to <TheApp />. Okta never deletes them; assigning them again reactivates
          the same user.
        </Trans>
      </p>
    ),
  },
  {
    title: msg`Group names`,
    body: (
      <p>
        <Trans>Okta finds groups by name. Two pushed groups of one directory cannot have the same name.</Trans>
      </p>
    ),
  },
];
