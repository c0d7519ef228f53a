import { EndpointValue, Field, Fields, Path, TheApp, TokenValue, Ui, type ProviderGuide } from '../guide';

export const ONELOGIN_GUIDE: ProviderGuide = {
  variants: [
    {
      id: 'onelogin',
      label: 'SCIM Provisioner',
      intro: 'You need to be a OneLogin administrator with rights to add applications.',
      steps: [
        {
          id: 'onelogin-app',
          title: 'Add the SCIM app',
          doneBy: 'first_request_time',
          body: () => (
            <p>
              Open <Path steps={['Applications', 'Applications', 'Add App']} />, search for{' '}
              <Ui>SCIM Provisioner with SAML (SCIM v2 Enterprise)</Ui>, name it after <TheApp /> and <Ui>Save</Ui>.
            </p>
          ),
        },
        {
          id: 'onelogin-connect',
          title: 'Paste the endpoint URL and the token',
          doneBy: 'first_request_time',
          body: (values) => (
            <>
              <p>
                On the <Ui>Configuration</Ui> tab, under <Ui>API Connection</Ui>:
              </p>
              <Fields>
                <Field name="SCIM Base URL">
                  <EndpointValue values={values} />
                </Field>
                <Field name="SCIM Bearer Token">
                  <TokenValue values={values} />
                </Field>
                <Field name="SCIM JSON Template">Keep the template that is there</Field>
              </Fields>
              <p>
                Set <Ui>API Status</Ui> to <Ui>Enable</Ui> and <Ui>Save</Ui>.
              </p>
            </>
          ),
        },
        {
          id: 'onelogin-parameters',
          title: 'Set the user name and include groups',
          body: () => (
            <p>
              On the <Ui>Parameters</Ui> tab set <Ui>scimusername</Ui> to <Ui>Email</Ui>. Open <Ui>Groups</Ui>, tick{' '}
              <Ui>Include in User Provisioning</Ui> and <Ui>Save</Ui>.
            </p>
          ),
        },
        {
          id: 'onelogin-provisioning',
          title: 'Enable provisioning',
          body: () => (
            <p>
              On the <Ui>Provisioning</Ui> tab tick <Ui>Enable provisioning</Ui>. Untick <Ui>Create user</Ui>,{' '}
              <Ui>Delete user</Ui> and <Ui>Update user</Ui> under “Require admin approval” if changes should go out by
              themselves. For users who lose access choose <Ui>Suspend</Ui>. <Ui>Save</Ui>.
            </p>
          ),
        },
        {
          id: 'onelogin-rules',
          title: 'Send groups by a rule',
          doneBy: 'first_group_time',
          body: () => (
            <p>
              On the <Ui>Rules</Ui> tab add a rule with the action <Ui>Set Groups in</Ui> your app, mapped from{' '}
              <Ui>role</Ui>, with the value <Ui>.*</Ui> for every role or a pattern for some.
            </p>
          ),
        },
        {
          id: 'onelogin-assign',
          title: 'Give people access and approve',
          doneBy: 'first_user_time',
          body: () => (
            <p>
              On the <Ui>Access</Ui> tab choose the roles that get the app. On the <Ui>Users</Ui> tab, people who show
              as <Ui>Pending</Ui> wait for you: select them and <Ui>Approve</Ui>.
            </p>
          ),
        },
        {
          id: 'onelogin-verify',
          title: 'Compare, then send everybody',
          body: () => (
            <p>
              Begin with two or three people. Look at <Ui>Users</Ui> and <Ui>Groups</Ui> here: they are there, with the
              right names and addresses, and in their groups. Then send the others, and compare the numbers here with
              the <Ui>Users</Ui> tab of the app.
            </p>
          ),
        },
        {
          id: 'onelogin-deactivate',
          title: 'Take a test person out again',
          doneBy: 'first_deactivation_time',
          body: () => (
            <p>Take the role from one person. They are suspended in the app by OneLogin, and inactive here.</p>
          ),
        },
      ],
    },
  ],
  notes: [
    {
      title: 'Nobody arrives?',
      body: (
        <p>
          Look for <Ui>Pending</Ui> on the <Ui>Users</Ui> tab, and at <Path steps={['Users', 'Provisioning']} /> for
          errors. After a change of rules, <Path steps={['More Actions', 'Reapply entitlement mappings']} /> sends
          everyone again.
        </p>
      ),
    },
  ],
};
