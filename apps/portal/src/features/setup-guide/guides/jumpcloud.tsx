import { msg } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { EndpointValue, Field, Fields, Path, Tab, TokenValue, Ui, type ProviderGuide } from '../guide';

export const JUMPCLOUD_GUIDE: ProviderGuide = {
  variants: [
    {
      id: 'jumpcloud',
      label: msg`Custom application`,
      intro: <Trans>You need a JumpCloud administrator role that can manage SSO applications.</Trans>,
      steps: [
        {
          id: 'jumpcloud-app',
          title: msg`Add a custom application`,
          doneBy: 'first_request_time',
          body: () => (
            <p>
              <Trans>
                Open <Path steps={['Access', 'SSO Applications', 'Add New Application']} /> and choose{' '}
                <Ui>Custom Application</Ui>. Tick <Ui>Export users to this app (Identity Management)</Ui>, name it,{' '}
                <Ui>Save Application</Ui> and <Ui>Configure Application</Ui>. An existing SAML application works as
                well.
              </Trans>
            </p>
          ),
        },
        {
          id: 'jumpcloud-connect',
          title: msg`Paste the base URL and the token`,
          doneBy: 'first_request_time',
          body: (values) => (
            <>
              <p>
                <Trans>
                  On the <Ui>Identity Management</Ui> tab:
                </Trans>
              </p>
              <Fields>
                <Field name="API Type">
                  <Ui>SCIM API</Ui>
                </Field>
                <Field name="SCIM Version">
                  <Ui>SCIM 2.0</Ui>
                </Field>
                <Field name="Base URL">
                  <EndpointValue values={values} />
                </Field>
                <Field name="Token Key">
                  <TokenValue values={values} />
                </Field>
                <Field name="Test User Email">
                  <Trans>The address of any person in JumpCloud</Trans>
                </Field>
              </Fields>
            </>
          ),
        },
        {
          id: 'jumpcloud-test',
          title: msg`Test Connection and activate`,
          doneBy: 'first_request_time',
          body: () => (
            <p>
              <Trans>
                Choose <Ui>Test Connection</Ui>. Switch on{' '}
                <Ui>Enable management of User Groups and Group Membership in this application</Ui>, then{' '}
                <Ui>Activate</Ui> and <Ui>Save</Ui>. While activating, JumpCloud makes a test user and a test group and
                removes them at once.
              </Trans>
            </p>
          ),
        },
        {
          id: 'jumpcloud-groups',
          title: msg`Choose user groups`,
          doneBy: 'first_group_time',
          body: () => (
            <p>
              <Trans>
                On the <Ui>User Groups</Ui> tab tick the groups that get the app and <Ui>Save</Ui>. The groups and their
                members arrive within a few minutes.
              </Trans>
            </p>
          ),
        },
        {
          id: 'jumpcloud-verify',
          title: msg`Compare, then send everybody`,
          body: () => (
            <p>
              <Trans>
                Begin with two or three people. Look at <Tab>Users</Tab> and <Tab>Groups</Tab> here: they are there,
                with the right names and addresses, and in their groups. Then send the others, and compare the numbers
                here with the members of the groups in JumpCloud.
              </Trans>
            </p>
          ),
        },
        {
          id: 'jumpcloud-deactivate',
          title: msg`Take a test person out again`,
          doneBy: 'first_deactivation_time',
          body: () => (
            <p>
              <Trans>Take one person out of the group. Within moments they are inactive here.</Trans>
            </p>
          ),
        },
      ],
    },
  ],
  notes: [
    {
      title: msg`Removing a group`,
      body: (
        <p>
          <Trans>
            When a group is unticked, JumpCloud takes its members out and leaves the empty group. Delete the group in
            JumpCloud to remove it here.
          </Trans>
        </p>
      ),
    },
  ],
};
