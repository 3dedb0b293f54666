package cli

// grammar is the whole command line. Help texts stand in the catalogues under
// cli.help.*; each ${…} here is such a key with dots as underscores.
type grammar struct {
	DB            string `name:"db" placeholder:"FILE" help:"${db}"`
	JSON          bool   `name:"json" help:"${json}"`
	Lang          string `name:"lang" placeholder:"nl|fr|de|en" enum:",nl,fr,de,en" default:"" help:"${lang}"`
	Reveal        bool   `help:"${reveal}"`
	Actor         string `placeholder:"NAME" help:"${actor}"`
	Register      string `name:"register" placeholder:"URL" help:"${register}"`
	RegisterToken string `name:"register-token" placeholder:"URL" help:"${register_token}"`
	Version       bool   `help:"${version}"`

	Window    windowCmd    `cmd:"" default:"1" help:"${window}"`
	Demo      demoCmd      `cmd:"" help:"${demo}"`
	Today     todayCmd     `cmd:"" help:"${today}"`
	Box       boxCmds      `cmd:"" help:"${box}"`
	Anomalies anomaliesCmd `cmd:"" help:"${anomalies}"`
	Presences presencesCmd `cmd:"" help:"${presences}"`
	Ciao      ciaoCmds     `cmd:"" help:"${ciao}"`
	Timesheet timesheetCmd `cmd:"" help:"${timesheet}"`
	Verify    verifyCmd    `cmd:"" help:"${verify}"`
	Staff     staffCmds    `cmd:"" help:"${staff}"`
	Site      siteCmds     `cmd:"" help:"${site}"`
	Simulate  simulateCmds `cmd:"" help:"${simulate}"`
}

type boxCmds struct {
	List   boxListCmd   `cmd:"" help:"${box_list}"`
	Read   boxReadCmd   `cmd:"" help:"${box_read}"`
	Import boxImportCmd `cmd:"" help:"${box_import}"`
	Place  boxPlaceCmd  `cmd:"" help:"${box_place}"`
}

type ciaoCmds struct {
	Send       ciaoSendCmd       `cmd:"" help:"${ciao_send}"`
	Status     ciaoStatusCmd     `cmd:"" help:"${ciao_status}"`
	Release    ciaoReleaseCmd    `cmd:"" help:"${ciao_release}"`
	Decide     ciaoDecideCmd     `cmd:"" help:"${ciao_decide}"`
	Since      ciaoSinceCmd      `cmd:"" help:"${ciao_since}"`
	Credential ciaoCredentialCmd `cmd:"" help:"${ciao_credential}"`
}

type staffCmds struct {
	List   staffListCmd   `cmd:"" help:"${staff_list}"`
	Import staffImportCmd `cmd:"" help:"${staff_import}"`
}

type siteCmds struct {
	List   siteListCmd   `cmd:"" help:"${site_list}"`
	Import siteImportCmd `cmd:"" help:"${site_import}"`
}

type simulateCmds struct {
	Box  simulateBoxCmd  `cmd:"" help:"${simulate_box}"`
	Ciao simulateCiaoCmd `cmd:"" help:"${simulate_ciao}"`
}

// period are the flags that choose days.
type period struct {
	From  string `placeholder:"2026-11-01" help:"${from}"`
	To    string `placeholder:"2026-11-30" help:"${to}"`
	Month string `placeholder:"2026-11" help:"${month}"`
}

// whose are the flags that choose a person and a place.
type whose struct {
	Worker string `placeholder:"NAME" help:"${worker}"`
	Site   string `placeholder:"NAME" help:"${at_site}"`
}
