import { EndpointValue, Field, Fields, Path, TokenValue, Ui, type ProviderGuide } from '../guide';

export const JUMPCLOUD_GUIDE: ProviderGuide = {
  variants: [
    {
      id: 'jumpcloud',
      label: 'Custom application',
      intro: 'You need a JumpCloud administrator role that can manage SSO applications.',
      steps: [
        {
          id: 'jumpcloud-app',
          title: 'Add a custom application',
          doneBy: 'first_request_time',
          body: () => (
            <p>
              Open <Path steps={['Access', 'SSO Applications', 'Add New Application']} /> and choose{' '}
              <Ui>Custom Application</Ui>. Tick <Ui>Export users to this app (Identity Management)</Ui>, name it,{' '}
              <Ui>Save Application</Ui> and <Ui>Configure Application</Ui>. An existing SAML application works as well.
            </p>
          ),
        },
        {
          id: 'jumpcloud-connect',
          title: 'Paste the base URL and the token',
          doneBy: 'first_request_time',
          body: (values) => (
            <>
              <p>
                On the <Ui>Identity Management</Ui> tab:
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
                <Field name="Test User Email">The address of any person in JumpCloud</Field>
              </Fields>
            </>
          ),
        },
        {
          id: 'jumpcloud-test',
          title: 'Test Connection and activate',
          doneBy: 'first_request_time',
          body: () => (
            <p>
              Choose <Ui>Test Connection</Ui>. Switch on{' '}
              <Ui>Enable management of User Groups and Group Membership in this application</Ui>, then <Ui>Activate</Ui>{' '}
              and <Ui>Save</Ui>. While activating, JumpCloud makes a test user and a test group and removes them at
              once.
            </p>
          ),
        },
        {
          id: 'jumpcloud-groups',
          title: 'Choose user groups',
          doneBy: 'first_group_time',
          body: () => (
            <p>
              On the <Ui>User Groups</Ui> tab tick the groups that get the app and <Ui>Save</Ui>. The groups and their
              members arrive within a few minutes.
            </p>
          ),
        },
        {
          id: 'jumpcloud-verify',
          title: 'Compare, then send everybody',
          body: () => (
            <p>
              Begin with two or three people. Look at <Ui>Users</Ui> and <Ui>Groups</Ui> here: they are there, with the
              right names and addresses, and in their groups. Then send the others, and compare the numbers here with
              the members of the groups in JumpCloud.
            </p>
          ),
        },
        {
          id: 'jumpcloud-deactivate',
          title: 'Take a test person out again',
          doneBy: 'first_deactivation_time',
          body: () => <p>Take one person out of the group. Within moments they are inactive here.</p>,
        },
      ],
    },
  ],
  notes: [
    {
      title: 'Removing a group',
      body: (
        <p>
          When a group is unticked, JumpCloud takes its members out and leaves the empty group. Delete the group in
          JumpCloud to remove it here.
        </p>
      ),
    },
  ],
};
