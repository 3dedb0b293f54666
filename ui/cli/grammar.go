package cli

// grammar is the whole command line. Help texts stand in the catalogues under
// cli.help.*; help tags here are the names of those texts.
type grammar struct {
	DB            string `name:"db" placeholder:"FILE" help:"db"`
	JSON          bool   `name:"json" help:"json"`
	Lang          string `name:"lang" placeholder:"nl|fr|de|en" enum:",nl,fr,de,en" default:"" help:"lang"`
	Reveal        bool   `help:"reveal"`
	Actor         string `placeholder:"NAME" help:"actor"`
	Register      string `name:"register" placeholder:"URL" help:"register"`
	RegisterToken string `name:"register-token" placeholder:"URL" help:"register_token"`
	Version       bool   `help:"version"`

	Window      windowCmd       `cmd:"" default:"1" help:"window"`
	Demo        demoCmd         `cmd:"" help:"demo"`
	Today       todayCmd        `cmd:"" help:"today"`
	Box         boxCmds         `cmd:"" help:"box"`
	Anomalies   anomaliesCmd    `cmd:"" help:"anomalies"`
	Anomaly     anomalyCmds     `cmd:"" help:"anomaly"`
	Adjust      adjustCmds      `cmd:"" help:"adjust"`
	Adjustment  adjustmentCmds  `cmd:"" help:"adjustment"`
	Punch       punchCmds       `cmd:"" help:"punch"`
	Plan        planCmds        `cmd:"" help:"plan"`
	Absence     absenceCmds     `cmd:"" help:"absence"`
	Presences   presencesCmd    `cmd:"" help:"presences"`
	Ciao        ciaoCmds        `cmd:"" help:"ciao"`
	Dossier     dossierCmds     `cmd:"" help:"dossier"`
	Approve     approveCmd      `cmd:"" help:"approve"`
	Approvals   approvalsCmds   `cmd:"" help:"approvals"`
	Timesheet   timesheetCmd    `cmd:"" help:"timesheet"`
	Team        teamCmds        `cmd:"" help:"team"`
	Export      exportCmds      `cmd:"" help:"export"`
	Printers    printersCmd     `cmd:"" help:"printers"`
	Verify      verifyCmd       `cmd:"" help:"verify"`
	Staff       staffCmds       `cmd:"" help:"staff"`
	Worker      workerCmds      `cmd:"" help:"worker_cmd"`
	Engagement  engagementCmds  `cmd:"" help:"engagement"`
	Badge       badgeCmds       `cmd:"" help:"badge_cmd"`
	Employer    employerCmds    `cmd:"" help:"employer"`
	Site        siteCmds        `cmd:"" help:"site"`
	Declaration declarationCmds `cmd:"" help:"declaration"`
	Import      importCmds      `cmd:"" help:"import_cmds"`
	Clock       clockCmds       `cmd:"" help:"clock"`
	Settings    settingsCmds    `cmd:"" help:"settings"`
	Simulate    simulateCmds    `cmd:"" help:"simulate"`
}

type boxCmds struct {
	List         boxListCmd         `cmd:"" help:"box_list"`
	Read         boxReadCmd         `cmd:"" help:"box_read"`
	Import       boxImportCmd       `cmd:"" help:"box_import"`
	Place        boxPlaceCmd        `cmd:"" help:"box_place"`
	EndPlacement boxEndPlacementCmd `cmd:"" help:"box_end_placement"`
	Label        boxLabelCmd        `cmd:"" help:"box_label"`
	Reopen       boxReopenCmd       `cmd:"" help:"box_reopen"`
	Info         boxInfoCmd         `cmd:"" help:"box_info"`
	Time         boxTimeCmd         `cmd:"" help:"box_time"`
	Pair         boxPairCmd         `cmd:"" help:"box_pair"`
	Unpair       boxUnpairCmd       `cmd:"" help:"box_unpair"`
	Pairings     boxPairingsCmd     `cmd:"" help:"box_pairings"`
	Identify     boxIdentifyCmd     `cmd:"" help:"box_identify"`
	Badges       boxBadgesCmds      `cmd:"" help:"box_badges"`
	Prove        boxProveCmd        `cmd:"" help:"box_prove"`
	Watch        boxWatchCmd        `cmd:"" help:"box_watch"`
	UdevRule     boxUdevRuleCmd     `cmd:"" help:"box_udev_rule"`
	Receipt      boxReceiptCmd      `cmd:"" help:"box_receipt"`
	Mapping      boxMappingCmds     `cmd:"" help:"box_mapping"`
	Meaning      boxMeaningCmds     `cmd:"" help:"box_meaning"`
	Users        boxUsersCmd        `cmd:"" help:"box_users"`
	Drift        boxDriftCmd        `cmd:"" help:"box_drift"`
}

type boxMappingCmds struct {
	Propose boxMappingProposeCmd `cmd:"" help:"mapping_propose"`
	Show    boxMappingShowCmd    `cmd:"" help:"mapping_show"`
	Set     boxMappingSetCmd     `cmd:"" help:"mapping_set"`
	Forget  boxMappingForgetCmd  `cmd:"" help:"mapping_forget"`
}

type ciaoCmds struct {
	Send       ciaoSendCmd       `cmd:"" help:"ciao_send"`
	Status     ciaoStatusCmd     `cmd:"" help:"ciao_status"`
	Release    ciaoReleaseCmd    `cmd:"" help:"ciao_release"`
	Decide     ciaoDecideCmd     `cmd:"" help:"ciao_decide"`
	Run        ciaoRunCmd        `cmd:"" help:"ciao_run"`
	Resend     ciaoResendCmd     `cmd:"" help:"ciao_resend"`
	Cancel     ciaoCancelCmd     `cmd:"" help:"ciao_cancel"`
	Findings   ciaoFindingsCmd   `cmd:"" help:"ciao_findings"`
	Settle     ciaoSettleCmd     `cmd:"" help:"ciao_settle"`
	Delays     ciaoDelaysCmd     `cmd:"" help:"ciao_delays"`
	Since      ciaoSinceCmd      `cmd:"" help:"ciao_since"`
	Credential ciaoCredentialCmd `cmd:"" help:"ciao_credential"`
	Host       ciaoHostCmds      `cmd:"" help:"ciao_host"`
	Test       ciaoTestCmd       `cmd:"" help:"ciao_test"`
	Preflight  ciaoPreflightCmd  `cmd:"" help:"ciao_preflight"`
	Reconcile  ciaoReconcileCmd  `cmd:"" help:"ciao_reconcile"`

	Consult ciaoConsultCmd `cmd:"" help:"ciao_consult"`
	Entry   ciaoEntryCmds  `cmd:"" help:"ciao_entry"`
	Phones  ciaoPhonesCmds `cmd:"" help:"ciao_phones"`
	Others  ciaoOthersCmd  `cmd:"" help:"ciao_others"`
	Import  ciaoImportCmd  `cmd:"" help:"ciao_import"`

	Mapping listMappingCmds[ofRegistrations] `cmd:"" help:"list_mapping_cmds"`
}

type ciaoHostCmds struct {
	List   ciaoHostListCmd   `cmd:"" help:"host_list"`
	Add    ciaoHostAddCmd    `cmd:"" help:"host_add"`
	Remove ciaoHostRemoveCmd `cmd:"" help:"host_remove"`
}

type anomalyCmds struct {
	Show    anomalyShowCmd    `cmd:"" help:"anomaly_show"`
	History anomalyHistoryCmd `cmd:"" help:"anomaly_history"`
	Explain anomalyExplainCmd `cmd:"" help:"anomaly_explain"`
	Reopen  anomalyReopenCmd  `cmd:"" help:"anomaly_reopen"`
	Adjust  anomalyAdjustCmd  `cmd:"" help:"anomaly_adjust"`
	Assign  anomalyAssignCmd  `cmd:"" help:"anomaly_assign"`
}

type adjustCmds struct {
	Presence adjustPresenceCmd `cmd:"" help:"adjust_presence"`
	Site     adjustSiteCmd     `cmd:"" help:"adjust_site"`
}

type adjustmentCmds struct {
	Withdraw adjustmentWithdrawCmd `cmd:"" help:"adjustment_withdraw"`
}

type punchCmds struct {
	List       punchListCmd       `cmd:"" help:"punch_list"`
	Ignore     punchIgnoreCmd     `cmd:"" help:"punch_ignore"`
	CountAgain punchCountAgainCmd `cmd:"" help:"punch_count_again"`
}

type planCmds struct {
	Show     planShowCmd     `cmd:"" help:"plan_show"`
	Add      planAddCmd      `cmd:"" help:"plan_add"`
	Change   planChangeCmd   `cmd:"" help:"plan_change"`
	End      planEndCmd      `cmd:"" help:"plan_end"`
	Except   planExceptCmd   `cmd:"" help:"plan_except"`
	Replace  planReplaceCmd  `cmd:"" help:"plan_replace"`
	Withdraw planWithdrawCmd `cmd:"" help:"plan_withdraw"`
	CopyWeek planCopyWeekCmd `cmd:"" help:"plan_copy_week"`
	Expected planExpectedCmd `cmd:"" help:"plan_expected"`
}

type absenceCmds struct {
	List     absenceListCmd     `cmd:"" help:"absence_list"`
	Add      absenceAddCmd      `cmd:"" help:"absence_add"`
	Withdraw absenceWithdrawCmd `cmd:"" help:"absence_withdraw"`
	Import   absenceImportCmd   `cmd:"" help:"absence_import"`
	Template absenceTemplateCmd `cmd:"" help:"absence_template"`

	Mapping listMappingCmds[ofAbsences] `cmd:"" help:"list_mapping_cmds"`
}

type exportCmds struct {
	Xlsx    exportXlsxCmd     `cmd:"" help:"export_xlsx"`
	CSV     exportCSVCmd      `cmd:"" name:"csv" help:"export_csv"`
	Columns exportColumnsCmd  `cmd:"" help:"export_columns_cmd"`
	Profile exportProfileCmds `cmd:"" help:"export_profile_cmds"`
}

type exportProfileCmds struct {
	List   exportProfileListCmd   `cmd:"" help:"export_profile_list"`
	Show   exportProfileShowCmd   `cmd:"" help:"export_profile_show"`
	Set    exportProfileSetCmd    `cmd:"" help:"export_profile_set"`
	Remove exportProfileRemoveCmd `cmd:"" help:"export_profile_remove"`
}

type workerCmds struct {
	Add    workerAddCmd    `cmd:"" help:"worker_add"`
	Change workerChangeCmd `cmd:"" help:"worker_change"`
	End    workerEndCmd    `cmd:"" help:"worker_end"`
	Weeks  workerWeeksCmd  `cmd:"" help:"worker_weeks"`
}

type engagementCmds struct {
	Add    engagementAddCmd    `cmd:"" help:"engagement_add"`
	Change engagementChangeCmd `cmd:"" help:"engagement_change"`
}

type badgeCmds struct {
	Give             badgeGiveCmd             `cmd:"" help:"badge_give"`
	Read             badgeReadCmd             `cmd:"" help:"badge_read"`
	End              badgeEndCmd              `cmd:"" help:"badge_end"`
	Notations        badgeNotationsCmd        `cmd:"" help:"badge_notations"`
	ConfirmNotation  badgeConfirmNotationCmd  `cmd:"" help:"badge_confirm_notation"`
	WithdrawNotation badgeWithdrawNotationCmd `cmd:"" help:"badge_withdraw_notation"`
}

type clockCmds struct {
	Segments clockSegmentsCmd `cmd:"" help:"clock_segments"`
	Repair   clockRepairCmd   `cmd:"" help:"clock_repair"`
	Withdraw clockWithdrawCmd `cmd:"" help:"clock_withdraw"`
	Cut      clockCutCmd      `cmd:"" help:"clock_cut"`
	Join     clockJoinCmd     `cmd:"" help:"clock_join"`
}

type employerCmds struct {
	List   employerListCmd   `cmd:"" help:"employer_list"`
	Add    employerAddCmd    `cmd:"" help:"employer_add"`
	Change employerChangeCmd `cmd:"" help:"employer_change"`
}

type declarationCmds struct {
	List  declarationListCmd  `cmd:"" help:"declaration_list"`
	Add   declarationAddCmd   `cmd:"" help:"declaration_add"`
	Link  declarationLinkCmd  `cmd:"" help:"declaration_link"`
	Radar declarationRadarCmd `cmd:"" help:"declaration_radar"`

	Import   declarationImportCmd            `cmd:"" help:"declaration_import"`
	Template declarationTemplateCmd          `cmd:"" help:"declaration_template"`
	Mapping  listMappingCmds[ofDeclarations] `cmd:"" help:"list_mapping_cmds"`
}

type settingsCmds struct {
	Show       settingsShowCmd       `cmd:"" default:"1" help:"settings_show"`
	Set        settingsSetCmd        `cmd:"" help:"settings_set"`
	Thresholds settingsThresholdsCmd `cmd:"" help:"settings_thresholds"`
}

type staffCmds struct {
	List     staffListCmd     `cmd:"" help:"staff_list"`
	Import   staffImportCmd   `cmd:"" help:"staff_import"`
	Template staffTemplateCmd `cmd:"" help:"staff_template"`

	Mapping listMappingCmds[ofStaff] `cmd:"" help:"list_mapping_cmds"`
}

type importCmds struct {
	List    importListCmd    `cmd:"" help:"import_list"`
	Show    importShowCmd    `cmd:"" help:"import_show"`
	Undo    importUndoCmd    `cmd:"" help:"import_undo"`
	Order   importOrderCmd   `cmd:"" help:"import_order_cmd"`
	Refused importRefusedCmd `cmd:"" help:"import_refused"`
}

type siteCmds struct {
	List     siteListCmd     `cmd:"" help:"site_list"`
	Import   siteImportCmd   `cmd:"" help:"site_import"`
	Template siteTemplateCmd `cmd:"" help:"site_template"`

	Mapping listMappingCmds[ofSites] `cmd:"" help:"list_mapping_cmds"`

	Add        siteAddCmd        `cmd:"" help:"site_add"`
	Change     siteChangeCmd     `cmd:"" help:"site_change"`
	End        siteEndCmd        `cmd:"" help:"site_end"`
	Decide     siteDecideCmd     `cmd:"" help:"site_decide"`
	Present    sitePresentCmd    `cmd:"" help:"site_present"`
	Hours      siteHoursCmd      `cmd:"" help:"site_hours"`
	Inspection siteInspectionCmd `cmd:"" help:"site_inspection"`
	Poster     sitePosterCmd     `cmd:"" help:"site_poster"`
}

type simulateCmds struct {
	Box  simulateBoxCmd  `cmd:"" help:"simulate_box"`
	Ciao simulateCiaoCmd `cmd:"" help:"simulate_ciao"`
}

// period are the flags that choose days.
type period struct {
	From  string `placeholder:"2026-11-01" help:"from"`
	To    string `placeholder:"2026-11-30" help:"to"`
	Month string `placeholder:"2026-11" help:"month"`
}

// whose are the flags that choose a person and a place.
type whose struct {
	Worker string `placeholder:"NAME" help:"worker"`
	Site   string `placeholder:"NAME" help:"at_site"`
}
