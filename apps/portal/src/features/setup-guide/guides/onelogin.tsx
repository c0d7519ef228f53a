import { EndpointValue, Field, Fields, Path, TokenValue, Ui, type ProviderGuide } from '../guide';

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
          body: () => (
            <p>
              Open <Path steps={['Applications', 'Applications', 'Add App']} />, search for{' '}
              <Ui>SCIM Provisioner with SAML (SCIM v2 Enterprise)</Ui>, name it after the app and <Ui>Save</Ui>.
            </p>
          ),
        },
        {
          id: 'onelogin-connect',
          title: 'Paste the endpoint URL and the token',
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
          body: () => (
            <p>
              On the <Ui>Access</Ui> tab choose the roles that get the app. On the <Ui>Users</Ui> tab, people who show
              as <Ui>Pending</Ui> wait for you: select them and <Ui>Approve</Ui>.
            </p>
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
