package main

import (
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/pkg/store"
)

var errNoDSN = &exitError{exitUsage, errors.New("which database? Give its address with --dsn or in FOOTFALL_DSN, for example postgres://footfall@localhost:5432/footfall")}

// config reads the DSN, with the name under which connections show in pg_stat_activity. Statements are described once and
// not prepared on a connection, since a pooler may give each transaction another one.
func (a *app) config() (*pgxpool.Config, error) {
	if a.dsn == "" {
		return nil, errNoDSN
	}
	config, err := pgxpool.ParseConfig(a.dsn)
	if err != nil {
		return nil, usageError("--dsn: %w", err)
	}
	if params := config.ConnConfig.RuntimeParams; params["application_name"] == "" {
		params["application_name"] = "footfall"
	}
	if config.ConnConfig.DefaultQueryExecMode == pgx.QueryExecModeCacheStatement {
		config.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeCacheDescribe
	}
	config.ConnConfig.DialFunc = store.Dialer(config.ConnConfig.ConnectTimeout).DialContext
	return config, nil
}

// connect opens one connection, for migrating.
func (a *app) connect() (*pgx.Conn, error) {
	config, err := a.config()
	if err != nil {
		return nil, err
	}
	conn, err := pgx.ConnectConfig(a.ctx, config.ConnConfig)
	if err != nil {
		return nil, fmt.Errorf("connect to the database: %w", err)
	}
	return conn, nil
}

// open opens a pool on a database whose schema is this program's, for the commands whose Run asks for one.
func (a *app) open() (*pgxpool.Pool, error) {
	config, err := a.config()
	if err != nil {
		return nil, err
	}
	pool, err := pgxpool.NewWithConfig(a.ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	if err := pool.Ping(a.ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("connect to the database: %w", err)
	}
	if err := store.CheckVersion(a.ctx, pool); err != nil {
		pool.Close()
		return nil, err
	}
	a.close = pool.Close
	return pool, nil
}
