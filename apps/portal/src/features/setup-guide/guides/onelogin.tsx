import { msg } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { EndpointValue, Field, Fields, Path, Tab, TheApp, TokenValue, Ui, type ProviderGuide } from '../guide';

export const ONELOGIN_GUIDE: ProviderGuide = {
  variants: [
    {
      id: 'onelogin',
      label: msg`SCIM Provisioner`,
      intro: <Trans>You need to be a OneLogin administrator with rights to add applications.</Trans>,
      steps: [
        {
          id: 'onelogin-app',
          title: msg`Add the SCIM app`,
          doneBy: 'first_request_time',
          body: () => (
            <p>
              <Trans>
                Open <Path steps={['Applications', 'Applications', 'Add App']} />, search for{' '}
                <Ui>SCIM Provisioner with SAML (SCIM v2 Enterprise)</Ui>, name it after <TheApp /> and <Ui>Save</Ui>.
              </Trans>
            </p>
          ),
        },
        {
          id: 'onelogin-connect',
          title: msg`Paste the endpoint URL and the token`,
          doneBy: 'first_request_time',
          body: (values) => (
            <>
              <p>
                <Trans>
                  On the <Ui>Configuration</Ui> tab, under <Ui>API Connection</Ui>:
                </Trans>
              </p>
              <Fields>
                <Field name="SCIM Base URL">
                  <EndpointValue values={values} />
                </Field>
                <Field name="SCIM Bearer Token">
                  <TokenValue values={values} />
                </Field>
                <Field name="SCIM JSON Template">
                  <Trans>Keep the template that is there</Trans>
                </Field>
              </Fields>
              <p>
                <Trans>
                  Set <Ui>API Status</Ui> to <Ui>Enable</Ui> and <Ui>Save</Ui>.
                </Trans>
              </p>
            </>
          ),
        },
        {
          id: 'onelogin-parameters',
          title: msg`Set the user name and include groups`,
          body: () => (
            <p>
              <Trans>
                On the <Ui>Parameters</Ui> tab set <Ui>scimusername</Ui> to <Ui>Email</Ui>. Open <Ui>Groups</Ui>, tick{' '}
                <Ui>Include in User Provisioning</Ui> and <Ui>Save</Ui>.
              </Trans>
            </p>
          ),
        },
        {
          id: 'onelogin-provisioning',
          title: msg`Enable provisioning`,
          body: () => (
            <p>
              <Trans>
                On the <Ui>Provisioning</Ui> tab tick <Ui>Enable provisioning</Ui>. Untick <Ui>Create user</Ui>,{' '}
                <Ui>Delete user</Ui> and <Ui>Update user</Ui> under “Require admin approval” if changes should go out by
                themselves. For users who lose access choose <Ui>Suspend</Ui>. <Ui>Save</Ui>.
              </Trans>
            </p>
          ),
        },
        {
          id: 'onelogin-rules',
          title: msg`Send groups by a rule`,
          doneBy: 'first_group_time',
          body: () => (
            <p>
              <Trans>
                On the <Ui>Rules</Ui> tab add a rule with the action <Ui>Set Groups in</Ui> your app, mapped from{' '}
                <Ui>role</Ui>, with the value <Ui>.*</Ui> for every role or a pattern for some.
              </Trans>
            </p>
          ),
        },
        {
          id: 'onelogin-assign',
          title: msg`Give people access and approve`,
          doneBy: 'first_user_time',
          body: () => (
            <p>
              <Trans>
                On the <Ui>Access</Ui> tab choose the roles that get the app. On the <Ui>Users</Ui> tab, people who show
                as <Ui>Pending</Ui> wait for you: select them and <Ui>Approve</Ui>.
              </Trans>
            </p>
          ),
        },
        {
          id: 'onelogin-verify',
          title: msg`Compare, then send everybody`,
          body: () => (
            <p>
              <Trans>
                Begin with two or three people. Look at <Tab>Users</Tab> and <Tab>Groups</Tab> here: they are there,
                with the right names and addresses, and in their groups. Then send the others, and compare the numbers
                here with the <Ui>Users</Ui> tab of the app.
              </Trans>
            </p>
          ),
        },
        {
          id: 'onelogin-deactivate',
          title: msg`Take a test person out again`,
          doneBy: 'first_deactivation_time',
          body: () => (
            <p>
              <Trans>
                Take the role from one person. They are suspended in the app by OneLogin, and inactive here.
              </Trans>
            </p>
          ),
        },
      ],
    },
  ],
  notes: [
    {
      title: msg`Nobody arrives?`,
      body: (
        <p>
          <Trans>
            Look for <Ui>Pending</Ui> on the <Ui>Users</Ui> tab, and at <Path steps={['Users', 'Provisioning']} /> for
            errors. After a change of rules, <Path steps={['More Actions', 'Reapply entitlement mappings']} /> sends
            everyone again.
          </Trans>
        </p>
      ),
    },
  ],
};
