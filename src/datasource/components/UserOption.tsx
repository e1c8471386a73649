import { InlineFieldRow } from '@grafana/ui';
import React from 'react';

import { type UserSelection } from '../../query/types.gen';

import { SwitchOption, TextOption } from './options';

interface Props {
  options: UserSelection;
  placeholder: string;
  onType: (changed: UserSelection) => void;
  onChoose: (changed: UserSelection) => void;
  onRun: () => void;
}

/** One user, by id or by anonymous id. */
export function UserOption({ options, placeholder, onType, onChoose, onRun }: Props) {
  return (
    <InlineFieldRow>
      <TextOption
        label="User"
        tooltip="The user's id (usr.id), not a name"
        placeholder={placeholder}
        value={options.user}
        onType={(user) => onType({ user })}
        onRun={onRun}
      />
      <SwitchOption
        label="Anonymous id"
        tooltip="The id is an anonymous one, of somebody who never logged in"
        value={options.anonymous ?? false}
        onChange={(anonymous) => onChoose({ anonymous })}
      />
    </InlineFieldRow>
  );
}
