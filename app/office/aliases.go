package office

import (
	"klokkast/app/acts"
	"klokkast/app/boxes"
	"klokkast/app/derived"
	"klokkast/app/documents"
	"klokkast/app/sending"
	"klokkast/app/workspace"
)

type Access = sending.Access
type AmbiguousError = boxes.AmbiguousError
type AnomalyCard = derived.AnomalyCard
type AnomalyDetail = derived.AnomalyDetail
type AnomalyFilter = derived.AnomalyFilter
type ApprovalChoice = documents.ApprovalChoice
type ApprovalRow = documents.ApprovalRow
type ApprovalStatus = documents.ApprovalStatus
type Approver = documents.Approver

const AskFirst = sending.AskFirst
const AskMany = sending.AskMany
const AskOld = sending.AskOld

type AskReason = sending.AskReason
type Asked = sending.Asked
type Badge = acts.Badge

const BlockedByAnomaly = documents.BlockedByAnomaly
const BlockedByBadge = documents.BlockedByBadge
const BlockedByClock = documents.BlockedByClock
const BlockedByClosed = documents.BlockedByClosed
const BlockedByFuture = documents.BlockedByFuture
const BlockedByPeriod = documents.BlockedByPeriod
const BlockedByPresence = documents.BlockedByPresence

type Blocker = documents.Blocker
type BlockerCode = documents.BlockerCode
type BoxDetail = boxes.BoxDetail
type BoxRow = boxes.BoxRow
type Boxes = boxes.Boxes

const ByFile = sending.ByFile
const ByKeyStore = sending.ByKeyStore
const ByPassphrase = sending.ByPassphrase

type Cache = derived.Cache
type CarriedError = documents.CarriedError
type ChartQuestion = documents.ChartQuestion
type Checks = documents.Checks
type ClockEffect = acts.ClockEffect
type ClockError = boxes.ClockError

const ClockJumped = boxes.ClockJumped
const ClockSuspected = boxes.ClockSuspected
const ClockUnchecked = boxes.ClockUnchecked
const ClockWrong = boxes.ClockWrong

type Connection = sending.Connection
type CopiedWeek = acts.CopiedWeek
type CredentialEntry = sending.CredentialEntry
type DayEffect = acts.DayEffect
type Decided = sending.Decided
type DeclaredSite = acts.DeclaredSite
type DossierRow = sending.DossierRow
type Dossiers = sending.Dossiers
type Doubt = documents.Doubt

const DoubtBoxUnread = documents.DoubtBoxUnread

type DoubtCode = documents.DoubtCode

const DoubtNotOver = documents.DoubtNotOver

var Doubts = documents.Doubts
var Drift = boxes.Drift

type Effect = acts.Effect
type Elsewhere = derived.Elsewhere
type EvidencePunch = derived.EvidencePunch
type Exchange = sending.Exchange
type Expected = derived.Expected

const ExpectedAway = derived.ExpectedAway
const ExpectedIn = derived.ExpectedIn
const ExpectedLater = derived.ExpectedLater
const ExpectedLeft = derived.ExpectedLeft
const ExpectedMissing = derived.ExpectedMissing

type ExpectedState = derived.ExpectedState

const ExpectedUnknown = derived.ExpectedUnknown

type ExportChoice = documents.ExportChoice
type Exported = documents.Exported
type Exports = documents.Exports
type FileCheck = documents.FileCheck

const FileOriginal = documents.FileOriginal
const FileOther = documents.FileOther
const FileUnknown = documents.FileUnknown

type FileVerdict = documents.FileVerdict
type Files = boxes.Files
type Finder = boxes.Finder
type FoundAnomaly = derived.FoundAnomaly
type GiveBadge = acts.GiveBadge
type GroupRow = documents.GroupRow
type HeldCount = sending.HeldCount
type HistoryStep = derived.HistoryStep
type ImportOptions = boxes.ImportOptions
type ImportPlan = boxes.ImportPlan
type Judgements = acts.Judgements
type KeyProtection = sending.KeyProtection

var LedgerOf = boxes.LedgerOf

type LimitUsed = derived.LimitUsed
type MisfitError = acts.MisfitError
type MissingEdge = acts.MissingEdge
type MovedPunch = acts.MovedPunch
type Names = derived.Names

type NoCodeError = documents.NoCodeError
type NoCredentialError = sending.NoCredentialError
type NobodyError = documents.NobodyError
type NotationProposal = acts.NotationProposal
type NothingToUndoError = workspace.NothingToUndoError
type OffsetLedger = boxes.OffsetLedger
type OffsetPoint = boxes.OffsetPoint
type Override = workspace.Override

const PaperChanged = documents.PaperChanged

type PaperCheck = documents.PaperCheck

const PaperCompare = documents.PaperCompare

type PaperOptions = documents.PaperOptions

const PaperSame = documents.PaperSame
const PaperUnknown = documents.PaperUnknown

type PaperVerdict = documents.PaperVerdict
type Papers = documents.Papers

const PeriodApproved = documents.PeriodApproved
const PeriodBlocked = documents.PeriodBlocked
const PeriodChanged = documents.PeriodChanged
const PeriodReady = documents.PeriodReady

type Plan = acts.Plan
type PlanWeek = acts.PlanWeek
type Preflight = sending.Preflight
type PreflightFilter = sending.PreflightFilter
type Press = documents.Press
type PrintedPaper = documents.PrintedPaper
type Printer = documents.Printer
type Progress = workspace.Progress
type Proposal = acts.Proposal
type ProposedPresence = acts.ProposedPresence
type PunchFilter = derived.PunchFilter
type PunchRow = derived.PunchRow
type ReadOptions = boxes.ReadOptions
type Reconciliation = boxes.Reconciliation
type Register = sending.Register
type RegisterCounts = sending.RegisterCounts
type RegisterFilter = sending.RegisterFilter
type RegisterFinding = sending.RegisterFinding
type RegisterRow = sending.RegisterRow
type RegisterSetting = workspace.RegisterSetting

var RegisterSettingNames = workspace.RegisterSettingNames

type RegisterSettings = workspace.RegisterSettings
type RegistrationChoice = sending.RegistrationChoice
type SeenTap = boxes.SeenTap

const SendUnasked = sending.SendUnasked
const SendUnaskedAge = sending.SendUnaskedAge

type SendingAhead = sending.SendingAhead
type SendingStatus = sending.SendingStatus
type SentEffect = acts.SentEffect

const SetBatch = workspace.SetBatch
const SetCancel = workspace.SetCancel
const SetClockLimit = workspace.SetClockLimit
const SetEvery = workspace.SetEvery
const SetLateLimit = workspace.SetLateLimit
const SetMode = workspace.SetMode
const SetProxy = workspace.SetProxy
const SetRootFile = workspace.SetRootFile
const SetTimes = workspace.SetTimes
const SetWindowDays = workspace.SetWindowDays

type Settings = workspace.Settings
type SheetFailure = documents.SheetFailure
type SheetGroup = documents.SheetGroup
type SheetOrder = documents.SheetOrder
type SheetRow = documents.SheetRow
type Sheets = documents.Sheets
type SheetsWritten = documents.SheetsWritten
type ShiftChoice = acts.ShiftChoice
type ShiftClashError = acts.ShiftClashError
type SiteCount = sending.SiteCount
type SiteRow = acts.SiteRow
type Sites = acts.Sites
type Staff = acts.Staff
type Step = derived.Step

const StepGone = derived.StepGone

type TapEffect = acts.TapEffect
type Team = acts.Team
type ThresholdOwner = derived.ThresholdOwner
type UnknownThere = derived.UnknownThere
type UserList = boxes.UserList
type UserOptions = boxes.UserOptions
type UserRow = boxes.UserRow

const WeeklyHours = derived.WeeklyHours

type WorkerAddition = documents.WorkerAddition
type WorkerRow = acts.WorkerRow
type Workspace = workspace.Workspace
type WrittenSheet = documents.WrittenSheet
type WrongClock = acts.WrongClock
