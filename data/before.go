package data

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"

	"github.com/jmoiron/sqlx"
)

// connectTo opens a pool of connections; before is called ahead of each
// statement and transaction on them, and nil is nobody.
func connectTo(dsn string, before func(ctx context.Context, statement string) error) (*sqlx.DB, error) {
	db, err := sqlx.Open("sqlite", dsn)
	if err != nil || before == nil {
		return db, err
	}
	d := db.Driver()
	if err := db.Close(); err != nil {
		return nil, err
	}
	return sqlx.NewDb(sql.OpenDB(&announcedConnector{dsn, d, before}), "sqlite"), nil
}

// announcedConnector connects to a file so that somebody hears of every statement.
type announcedConnector struct {
	dsn    string
	driver driver.Driver
	before func(ctx context.Context, statement string) error
}

// Connect makes one connection.
func (c *announcedConnector) Connect(context.Context) (driver.Conn, error) {
	conn, err := c.driver.Open(c.dsn)
	if err != nil {
		return nil, err
	}
	whole, ok := conn.(wholeConn)
	if !ok {
		conn.Close()
		return nil, fmt.Errorf("a connection of type %T cannot be announced", conn)
	}
	return &announcedConn{whole, c.before}, nil
}

// Driver is what connects.
func (c *announcedConnector) Driver() driver.Driver { return c.driver }

// wholeConn is what database/sql uses of a connection.
type wholeConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// announcedConn asks before what takes time, on the goroutine of who wants it.
type announcedConn struct {
	wholeConn
	before func(ctx context.Context, statement string) error
}

// BeginTx begins a transaction.
func (c *announcedConn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	if err := c.before(ctx, ""); err != nil {
		return nil, err
	}
	return c.wholeConn.BeginTx(ctx, o)
}

// PrepareContext prepares a statement.
func (c *announcedConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	if err := c.before(ctx, query); err != nil {
		return nil, err
	}
	return c.wholeConn.PrepareContext(ctx, query)
}

// ExecContext runs a statement.
func (c *announcedConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if err := c.before(ctx, query); err != nil {
		return nil, err
	}
	return c.wholeConn.ExecContext(ctx, query, args)
}

// QueryContext asks for rows.
func (c *announcedConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if err := c.before(ctx, query); err != nil {
		return nil, err
	}
	return c.wholeConn.QueryContext(ctx, query, args)
}
