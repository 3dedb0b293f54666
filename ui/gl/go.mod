// Made by trimgl (ui/trimgl) of github.com/go-gl/gl v0.0.0-20260331235117-4566fea9a276
// h1:IO5P06Pcj9K04d+l4nrf3c2U56+dAotIFG6u4P1wAHI=
//
// It holds what Fyne calls of that module; procaddr.go alone is changed. Its authors and licence: LICENSE.
module github.com/go-gl/gl

go 1.12
