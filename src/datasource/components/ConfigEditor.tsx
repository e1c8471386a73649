import React from 'react';

import { type EditorProps } from '../settings';

import { ConnectionSettings } from './config/ConnectionSettings';
import { PoolSettings } from './config/PoolSettings';
import { StoreSettings } from './config/StoreSettings';

export function ConfigEditor(props: EditorProps) {
  return (
    <>
      <ConnectionSettings {...props} />
      <PoolSettings {...props} />
      <StoreSettings {...props} />
    </>
  );
}
